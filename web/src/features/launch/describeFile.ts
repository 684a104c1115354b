import type { Attachment } from "../../api/types";
import { attachmentUrl } from "../../api/upload";

/**
 * Name and size of a stored file. A draft holds ids only, and the headers of a download tell the rest; the content itself
 * is not read.
 */
export async function describeFile(id: string): Promise<Attachment> {
  const unknown = { id, name: "附件", type: "", size: 0, sha256: "", by: "", by_name: "", unit: "", at: "" };
  try {
    const stop = new AbortController();
    const response = await fetch(attachmentUrl(id), { signal: stop.signal, credentials: "same-origin" });
    const { headers } = response;
    stop.abort();
    return {
      ...unknown,
      name: fileName(headers.get("Content-Disposition")) ?? unknown.name,
      size: Number(headers.get("Content-Length") ?? 0),
    };
  } catch {
    return unknown;
  }
}

/** The name in a Content-Disposition header, in its UTF-8 form when there is one. */
export function fileName(disposition: string | null): string | undefined {
  const encoded = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(disposition ?? "")?.[1];
  if (encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return undefined;
    }
  }
  return /filename="?([^";]+)"?/.exec(disposition ?? "")?.[1];
}
