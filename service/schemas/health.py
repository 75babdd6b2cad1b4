from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class HealthOut(BaseModel):
    status: Literal["ok"]


class CheckOut(BaseModel):
    ok: bool
    code: str | None = Field(None, description="Of what is wrong.")


class ReadyOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"status": "ready", "checks": {"store": {"ok": True}, "embedder": {"ok": True}}}
        }
    )

    status: Literal["ready"]
    checks: dict[str, CheckOut]
