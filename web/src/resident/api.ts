import { api, data, idempotent } from "../api/client";
import type { Choice, OpenedVote, VoteProof, VoteReceipt } from "../api/types";

export function openVote(code: string): Promise<OpenedVote> {
  return data(api.POST("/api/v1/vote/open", { body: { code } }));
}

/** The same key again gives the same receipt, however often the network fails. */
export function castVote(code: string, choice: Choice, key: string): Promise<VoteReceipt> {
  return data(api.POST("/api/v1/vote/cast", { params: { header: idempotent(key) }, body: { code, choice } }));
}

export function readProof(number: string, tracker: string): Promise<VoteProof> {
  return data(api.GET("/api/v1/public/polls/{number}/receipts/{tracker}", { params: { path: { number, tracker } } }));
}
