"""Where figures are kept."""

from pathlib import Path

from rich.console import Console


def save(folder: Path, name: str, text: str, console: Console) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(text + "\n")
    console.print(f"Written to {path}", markup=False, soft_wrap=True)
