function systemRoot(): string {
  const variable = "SystemRoot";
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return (state === "granted" ? Deno.env.get(variable) : undefined) ?? "C:\\Windows";
}

/** Where Windows keeps its own programs and libraries. */
export function systemFolder(): string {
  return `${systemRoot()}\\System32`;
}
