import type { NotifyChoice, NotifyChoiceInput } from "../../api/types";

type Channel = NotifyChoice["channels"][number];

/** What a person fills in; a secret that is not typed stays as it is kept. */
export type ChoiceForm = Pick<
  NotifyChoice,
  "channels" | "address" | "phone" | "url" | "form" | "quiet" | "from" | "to" | "digest"
> & { secret?: string };

export function formOf(c: NotifyChoice): ChoiceForm {
  const { channels, address, phone, url, form, quiet, from, to, digest } = c;
  return { channels, address, phone, url, form, quiet, from, to, digest };
}

/** Switches a channel on or off, in the order in which they are offered. */
export function withChannel(channels: Channel[], channel: Channel, on: boolean, order: Channel[]): Channel[] {
  return order.filter((c) => (c === channel ? on : channels.includes(c)));
}

/** What the server is sent: what is empty stays away, a secret only when one was typed. */
export function inputOf(f: ChoiceForm): NotifyChoiceInput {
  const { channels, quiet, from, to, digest } = f;
  const input: NotifyChoiceInput = { channels, quiet, from, to, digest };
  if (f.address.trim()) {
    input.address = f.address.trim();
  }
  if (f.phone.trim()) {
    input.phone = f.phone.trim();
  }
  if (f.url.trim()) {
    input.url = f.url.trim();
  }
  if (f.form) {
    input.form = f.form;
  }
  if (f.secret !== undefined) {
    input.secret = f.secret;
  }
  return input;
}

/** What is missing for the channels that are on, as sentences. */
export function missingInChoice(f: ChoiceForm): string[] {
  const missing: string[] = [];
  if (f.channels.includes("mail") && !f.address.trim()) {
    missing.push("请填写邮箱");
  }
  if (f.channels.includes("webhook") && !f.url.trim()) {
    missing.push("请填写机器人地址");
  }
  if (f.channels.includes("webhook") && !f.form) {
    missing.push("请选择机器人的种类");
  }
  if (f.channels.includes("sms") && !f.phone.trim()) {
    missing.push("请填写手机号");
  }
  if (f.quiet && (!f.from || !f.to)) {
    missing.push("请选择免打扰的起止时间");
  }
  return missing;
}
