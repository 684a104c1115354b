import createClient, { type Middleware } from "openapi-fetch";
import { newKey } from "../lib/ids";
import { ApiError, errorOf, networkError } from "./errors";
import type { paths } from "./schema";

const keyHeader = "Idempotency-Key";

type Listener = () => void;
const lost = new Set<Listener>();

/** Calls back whenever the server says that nobody is signed in any more. */
export function onSessionLost(listener: Listener): () => void {
  lost.add(listener);
  return () => lost.delete(listener);
}

const middleware: Middleware = {
  async onResponse({ response, schemaPath }) {
    if (response.ok) {
      return undefined;
    }
    const error = await errorOf(response);
    if (error.status === 401 && !schemaPath.endsWith("/session")) {
      for (const listener of lost) {
        listener();
      }
    }
    throw error;
  },
  onError({ error }) {
    return error instanceof ApiError ? error : networkError();
  },
};

/** The one client of the API. Every refusal is thrown as an ApiError. */
export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });
api.use(middleware);

/** The header that makes a repeated request harmless. */
export function idempotent(key: string): { [keyHeader]: string } {
  return { [keyHeader]: key };
}

/** The header of a write that is not worth repeating by hand. */
export function once(): { [keyHeader]: string } {
  return idempotent(newKey());
}

/**
 * Unwraps the answer of a request whose failure is thrown. T names more closely what the document leaves open.
 */
export async function data<T>(request: Promise<{ data?: unknown }>): Promise<T> {
  const answer = await request;
  return answer.data as T;
}
