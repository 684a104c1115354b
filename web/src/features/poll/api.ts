import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, once } from "../../api/client";
import { keys } from "../../api/keys";
import type {
  Board,
  Choice,
  Objection,
  Page,
  PollRow,
  Reminder,
  RollLine,
  RollReport,
  RollVersion,
  RollView,
  SheetResult,
  Voter,
  VoterBallot,
  VoteReceipt,
  VoteSheet,
} from "../../api/types";
import { usePages } from "../../components/usePages";
import { compact } from "../../lib/filters";

// Ballots are no part of the record, so that no live change announces them: while a vote is open the board asks again.
const askEvery = 10_000;

export function useBoard(number: string) {
  return useQuery({
    queryKey: keys.poll(number, "board"),
    queryFn: () => data<Board>(api.GET("/api/v1/polls/{number}", { params: { path: { number } } })),
    refetchInterval: (q) => (q.state.data?.poll.state === "open" ? askEvery : false),
  });
}

export interface PollFilter {
  state?: PollRow["state"];
  unit?: string;
  text?: string;
}

export function usePolls(filter: PollFilter) {
  return usePages<PollRow>(keys.polls(filter), (after) =>
    data(api.GET("/api/v1/polls", { params: { query: { ...filter, ...compact({ after }), limit: 50 } } })),
  );
}

export function useRoll(number: string) {
  return useQuery({
    queryKey: keys.poll(number, "roll"),
    queryFn: () => data<RollView>(api.GET("/api/v1/polls/{number}/roll", { params: { path: { number } } })),
  });
}

export function useRollLines(number: string, version: number) {
  return usePages<RollLine>(keys.poll(number, "lines", version), (after) =>
    data(
      api.GET("/api/v1/polls/{number}/roll/lines", {
        params: { path: { number }, query: { version, limit: 50, ...compact({ after }) } },
      }),
    ),
  );
}

export interface VoterFilter {
  building?: string;
  silent?: boolean;
  text?: string;
}

export function useVoters(number: string, filter: VoterFilter, limit = 50) {
  return usePages<Voter>(keys.poll(number, "voters", filter, limit), (after) =>
    data(
      api.GET("/api/v1/polls/{number}/voters", {
        params: { path: { number }, query: { limit, ...filter, ...compact({ after }) } },
      }),
    ),
  );
}

export function useSheets(number: string, state: "once" | "different") {
  return usePages<VoteSheet>(keys.poll(number, "sheets", state), (after) =>
    data(
      api.GET("/api/v1/polls/{number}/sheets", {
        params: { path: { number }, query: { state, limit: 50, ...compact({ after }) } },
      }),
    ),
  );
}

export function useObjections(number: string, about: "roll" | "result") {
  return useQuery({
    queryKey: keys.poll(number, "objections", about),
    queryFn: () =>
      data<Page<Objection>>(
        api.GET("/api/v1/polls/{number}/objections", { params: { path: { number }, query: { about } } }),
      ),
  });
}

export function useBallotsOf(number: string, no: string | undefined) {
  return useQuery({
    queryKey: keys.poll(number, "ballots", no),
    enabled: Boolean(no),
    queryFn: () =>
      data<Page<VoterBallot>>(
        api.GET("/api/v1/polls/{number}/voters/{no}/ballots", { params: { path: { number, no: no ?? "" } } }),
      ),
  });
}

/** Reads a file as a roll. Nothing is stored. */
export function checkRoll(number: string, file: File): Promise<RollReport> {
  return data(
    api.POST("/api/v1/polls/{number}/roll/check", {
      params: { path: { number } },
      body: { file } as never,
      bodySerializer: () => formOf({ file }),
    }),
  );
}

export interface RollImport {
  file: File;
  skipBad: boolean;
  why: string;
}

export function importRoll(number: string, v: RollImport, header: ReturnType<typeof once>): Promise<RollVersion> {
  return data(
    api.POST("/api/v1/polls/{number}/roll", {
      params: { path: { number }, header },
      body: { file: v.file } as never,
      bodySerializer: () =>
        formOf({ file: v.file, accept: "true", skip_bad: String(v.skipBad), ...compact({ why: v.why }) }),
    }),
  );
}

function formOf(fields: Record<string, string | Blob>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    form.append(name, value);
  }
  return form;
}

export function templateUrl(counting: string, format: "xlsx" | "csv"): string {
  return `/api/v1/polls/roll-template?${new URLSearchParams({ counting, format })}`;
}

interface SheetEntry {
  voter: string;
  choice: Choice;
  files: string[];
  proxy?: string;
  signed?: string;
}

export function enterSheet(number: string, body: SheetEntry, header: ReturnType<typeof once>): Promise<SheetResult> {
  return data(api.POST("/api/v1/polls/{number}/sheets", { params: { path: { number }, header }, body }));
}

interface DoorEntry extends SheetEntry {
  witness: string;
}

export function enterDoor(number: string, body: DoorEntry, header: ReturnType<typeof once>): Promise<VoteReceipt> {
  return data(api.POST("/api/v1/polls/{number}/door", { params: { path: { number }, header }, body }));
}

/** A write of a vote; whatever the board shows is asked for again afterwards. */
export function usePollWrite<V, T>(number: string, write: (v: V) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.poll(number) }),
  });
}

export const markSigned = (number: string, voter: string) =>
  api.POST("/api/v1/polls/{number}/signed", { params: { path: { number }, header: once() }, body: { voter } });

export const remind = (number: string, building: string | undefined) =>
  data<Reminder>(
    api.POST("/api/v1/polls/{number}/reminders", {
      params: { path: { number } },
      body: compact({ building }),
    }),
  );

export const object = (number: string, body: { about: "roll" | "result"; who: string; line?: string; text: string }) =>
  data<Objection>(
    api.POST("/api/v1/polls/{number}/objections", { params: { path: { number }, header: once() }, body }),
  );

export const answerObjection = (number: string, id: string, body: { answer: string; upheld: boolean }) =>
  api.POST("/api/v1/polls/{number}/objections/{id}/answer", {
    params: { path: { number, id }, header: once() },
    body,
  });

export interface CertifiedResult {
  platform: string;
  document: string;
  file: string;
  totals: NonNullable<Board["totals"]>;
}

export const certify = (number: string, body: CertifiedResult) =>
  api.POST("/api/v1/polls/{number}/certified", { params: { path: { number }, header: once() }, body });
