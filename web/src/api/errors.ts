/** One field the server refused. */
export interface FieldError {
  path: string;
  code: string;
  message: string;
}

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  kept?: string;
  errors?: { path?: string; location?: string; code?: string; message?: string }[] | null;
}

/** A refusal or a failure, ready to be shown: what happened, what is kept, what to do. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: FieldError[] = [],
    readonly kept = "",
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** The request may have arrived: only the same request with the same key may be repeated. */
  get unknown(): boolean {
    return this.status === 0 || this.status >= 502;
  }

  /** The detail of a problem says also what was kept. */
  get sentence(): string {
    return this.message;
  }
}

const general: Record<number, string> = {
  400: "请求的内容无法识别，请刷新页面后重试。",
  401: "登录已失效，请重新登录。",
  403: "您当前的岗位不能进行这项操作。",
  404: "没有找到，或者不在您的查看范围内。",
  409: "情况已经变化，请刷新后再试。",
  413: "提交的内容过大。",
  422: "填写的内容有问题，请检查后再提交。",
  429: "操作过于频繁，请稍后再试。",
};

export async function errorOf(response: Response): Promise<ApiError> {
  let problem: Problem = {};
  try {
    problem = (await response.clone().json()) as Problem;
  } catch {
    // A proxy may answer with a page instead of a problem document.
  }
  const message =
    problem.detail ||
    general[response.status] ||
    "服务暂时不可用，您的操作没有完成，请稍后再试；如果持续出现，请联系管理员。";
  const fields = (problem.errors ?? []).map((e) => ({
    path: e.path ?? e.location ?? "",
    code: e.code ?? "",
    message: e.message ?? "",
  }));
  return new ApiError(response.status, problem.code ?? "", message, fields, problem.kept ?? "");
}

export function networkError(): ApiError {
  return new ApiError(0, "network", "网络不通，还不知道操作是否已经送达。填写的内容仍在，请稍后重试，不会重复提交。");
}

/** Any thrown value as one Chinese sentence. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiError ? error.sentence : "页面出现问题，请刷新后重试。";
}
