/** A new idempotency key: one for each thing a person means to do, repeated when the request is repeated. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") {
    return crypto.randomUUID();
  }
  // randomUUID exists in secure contexts only; an office may open the console over plain HTTP inside its network.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
