/** What the server accepts as an attachment; the server looks at the content, this only spares a useless upload. */
export const maxFileBytes = 20 * 1024 * 1024;
export const acceptedExtensions = [
  ".pdf",
  ".png",
  ".jpg",
  ".jpeg",
  ".docx",
  ".xlsx",
  ".doc",
  ".xls",
  ".wps",
  ".et",
  ".txt",
];

export function fileProblem(name: string, size: number): string | undefined {
  const dot = name.lastIndexOf(".");
  const extension = dot < 0 ? "" : name.slice(dot).toLowerCase();
  if (!acceptedExtensions.includes(extension)) {
    return `不能上传 ${extension || "没有扩展名的文件"}，可以上传：${acceptedExtensions.join(" ")}`;
  }
  if (size > maxFileBytes) {
    return `文件 ${formatBytes(size)}，超过 20 MB 的上限`;
  }
  if (size === 0) {
    return "文件是空的";
  }
  return undefined;
}

const units = ["KB", "MB", "GB", "TB"];

/** A size with its largest unit. */
export function formatBytes(n: number): string {
  if (n < 1024) {
    return `${n} B`;
  }
  let value = n / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Hands a text to the browser as a file to keep. */
export function saveText(name: string, text: string, type = "application/json"): void {
  saveBlob(name, new Blob([text], { type }));
}

export function saveBlob(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the content after click has returned.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
