// The types of the API by the names the console uses. They come from the generated document; only what the document
// leaves open (forms and their schemas are free JSON) is named more closely here.
import type { FieldSchema, FormHints } from "../lib/form";
import type { components } from "./schema";

type S = components["schemas"];

export type ActionOffer = S["ActionOffer"];
export type ActionResult = S["ActionResult"];
export type Actor = S["ProcedureActor"];
export type Attachment = S["Attachment"];
export type CalendarDeadline = S["CalendarDeadline"];
export type CalendarYear = S["CalendarYear"];
export type Calendars = S["Calendars"];
export type Case = S["Case"];
export type Check = S["Check"];
export type Clock = S["ClockView"];
export type Command = S["CommandView"];
export type Copy = S["Copy"];
export type Counts = S["Counts"];
export type Deadline = S["Deadline"];
export type Delegation = S["Delegation"];
export type Delegations = S["Delegations"];
export type DemoAccount = S["DemoAccount"] & { password?: string };
export type EventView = S["EventView"];
export type FilingResult = S["FilingResult"];
export type Finding = S["Finding"];
export type Hit = S["ListHit"];
export type ItemChange = S["ItemChange"];
export type ListDiff = S["ListDiff"];
export type ListItem = S["ProcedureListItem"];
export type ListVersion = S["ListVersion"];
export type Me = S["Me"];
export type Notice = S["NoticeView"];
export type Person = S["Person"];
export type Post = S["Post"];
export type ProcedureCard = S["ProcedureCard"];
export type Role = S["RoleView"];
export type Sentence = S["Sentence"];
export type Stage = S["Stage"];
export type Task = S["TaskView"];
export type TaskRow = S["TaskRow"];
export type Unit = S["Unit"];
export type Verification = S["Verification"];
export type Wait = S["Wait"];

export type FormData = Record<string, unknown>;

export type Draft = Omit<S["DraftView"], "form"> & { form: FormData };
export type Procedure = Omit<S["Procedure"], "schema" | "ui"> & { schema: FieldSchema; ui: FormHints };
export type Filing = Omit<S["FilingView"], "form" | "schema" | "ui"> & {
  form: FormData;
  schema: FieldSchema;
  ui: FormHints;
};
export type CaseDetail = Omit<S["CaseDetail"], "filing"> & { filing: Filing };

export interface Page<T> {
  items: T[];
  next?: string;
}
