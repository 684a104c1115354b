import { newKey } from "../lib/ids";
import { ApiError, networkError } from "./errors";
import type { Attachment } from "./types";

/** Uploads one file and tells how far it is; fetch cannot report the progress of an upload. */
export function upload(file: File, onProgress: (percent: number) => void, signal?: AbortSignal): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/attachments");
    request.setRequestHeader("Idempotency-Key", newKey());
    request.responseType = "json";
    request.upload.onprogress = (e) => {
      if (e.lengthComputable) {
        onProgress(Math.round((e.loaded / e.total) * 100));
      }
    };
    request.onerror = () => reject(networkError());
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(request.response as Attachment);
        return;
      }
      const problem = (request.response ?? {}) as { code?: string; detail?: string };
      reject(new ApiError(request.status, problem.code ?? "", problem.detail || "上传没有成功，请重试。"));
    };
    signal?.addEventListener("abort", () => {
      request.abort();
      reject(new ApiError(0, "aborted", "已取消上传"));
    });
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

export function attachmentUrl(id: string): string {
  return `/api/v1/attachments/${encodeURIComponent(id)}`;
}
