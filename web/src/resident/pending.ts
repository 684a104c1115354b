// A ballot that was sent and not yet acknowledged. It outlives a reload of the page, so that the same ballot is sent again
// under the same key and is never counted twice. It lives no longer than the tab: others may use the phone.

import type { Choice } from "../api/types";

export interface Pending {
  code: string;
  choice: Choice;
  key: string;
}

const name = "gongzhi.ballot";

export function remember(pending: Pending): void {
  try {
    sessionStorage.setItem(name, JSON.stringify(pending));
  } catch {
    // Without storage the ballot is kept as long as the page stays open.
  }
}

export function recall(code: string): Pending | undefined {
  try {
    const pending = JSON.parse(sessionStorage.getItem(name) || "null") as Pending | null;
    return pending && pending.code === code ? pending : undefined;
  } catch {
    return undefined;
  }
}

export function forget(): void {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // There was nothing to remove.
  }
}
