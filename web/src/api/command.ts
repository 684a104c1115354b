import { api, data } from "./client";
import { ApiError } from "./errors";
import type { Command } from "./types";

/** What an action and a filing have in common. */
interface Sent {
  command: string;
  state: string;
}

const pollEvery = 1500;

/**
 * Follows an action to its end. A 202 means that the engine has not answered yet: the command is stored and will be
 * repeated by the server, so the console only asks how it stands.
 */
export async function settled<T extends Sent>(result: T, onPending?: () => void): Promise<T> {
  let state: string = result.state;
  if (state === "pending") {
    onPending?.();
  }
  while (state === "pending") {
    await new Promise((resolve) => setTimeout(resolve, pollEvery));
    const command = await data<Command>(api.GET("/api/v1/commands/{id}", { params: { path: { id: result.command } } }));
    if (command.state === "refused") {
      throw new ApiError(409, command.code ?? "", command.reason || "这项操作没有被接受。");
    }
    state = command.state;
  }
  return result;
}
