/** The server-sent events of an answer, as they come. What keeps the line alive is passed over. */
export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop();
      yield* blocks.map(eventIn).filter(({ data }) => data);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function eventIn(block) {
  const event = { kind: "message", data: "" };
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^(\w*): ?(.*)$/.exec(line) ?? [];
    if (field === "event") event.kind = value;
    if (field === "data") event.data += value;
  }
  return event;
}
