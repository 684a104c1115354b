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

// Votes.
export type BadLine = S["BadLine"];
export type Board = S["Board"];
export type Cell = S["Cell"];
export type Checkpoint = S["Checkpoint"];
export type Choice = S["VoteInput"]["choice"];
export type ConsentRule = S["ConsentRule"];
export type Forecast = S["Forecast"];
export type Letters = S["Letters"];
export type Objection = S["Objection"];
export type OpenedVote = S["OpenedVote"];
export type Poll = S["Poll"];
export type PollRow = S["PollRow"];
export type LetterRun = S["LetterRun"];
export type PollHead = S["PollHead"];
export type PrintSheets = S["PrintSheets"];
export type Reminder = S["Reminder"];
export type RollLine = S["Line"];
export type RollReport = S["RollReport"];
export type RollVersion = S["RollVersion"];
export type RollView = S["RollView"];
export type SheetResult = S["SheetResult"];
export type Totals = S["Totals"];
export type VoteProof = S["Proof"];
export type VoteReceipt = S["ReceiptView"];
export type Voter = S["VoterView"];
export type VoterBallot = S["BallotView"];
export type VoteSheet = S["Sheet"];
export type Weight = S["Weight"];

// What stands still, and messages.
export type Affected = S["OpsAffected"];
export type Batch = S["BatchView"];
export type BatchItem = S["OpsBatchItem"];
export type BatchOrder = S["BatchOrder"];
export type DatabaseFigures = S["DatabaseFigures"];
export type Delivery = S["DeliveryView"];
export type EngineFigures = S["EngineFigures"];
export type Incident = S["IncidentView"];
export type IncidentDetail = S["IncidentPage"];
export type IncidentCounts = S["OpsCounts"];
export type IncidentDay = S["OpsDayCount"];
export type IncidentEntry = S["OpsEntry"];
export type IncidentKind = Incident["kind"];
export type Lane = S["LaneView"];
export type MachineHealth = S["HealthView"];
export type MachineQueue = S["QueueView"];
export type Message = S["MessageView"];
export type NotifyChoice = S["ChoiceView"];
export type NotifyChoiceInput = S["ChoiceInput"];
export type Inside = S["InsideView"];
export type MessageTemplate = S["TemplateView"];
export type TemplateField = TemplateList["fields"][number];
export type TemplateList = S["TemplateList"];
export type TemplatePreview = S["TemplatePreview"];
export type TemplateWords = S["TemplateWords"];
export type NotifyHealth = S["NotifyHealth"];
export type Order = S["Cure"];
export type Proposal = S["OpsProposal"];
export type Remedy = S["CureOffer"];
export type RemedyResult = S["CureResult"];
export type Run = S["RunView"];
export type Runs = S["RunsView"];
export type SavedView = S["OpsView"];
export type Swept = S["Swept"];

// Figures.
export type DueBoard = S["DueBoardView"];
export type DueCell = S["DueCell"];
export type DueTask = S["DueTask"];
export type DueUnit = S["DueUnit"];
export type Figures = S["Figures"];
export type KindFigures = S["KindFigures"];
export type Performance = S["PerformanceView"];
export type StageFigures = S["StageFigures"];
export type UnitFigures = S["UnitFigures"];
export type WaitFigures = S["WaitFigures"];

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
