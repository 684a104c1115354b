import { expect, it } from "vitest";
import { type ChoiceForm, inputOf, missingInChoice, withChannel } from "./choice";

const form: ChoiceForm = {
  channels: [],
  address: "",
  phone: "",
  url: "",
  form: "",
  quiet: false,
  from: "21:00",
  to: "08:00",
  digest: false,
};

it("keeps channels in the order in which they are offered", () => {
  expect(withChannel(["sms"], "mail", true, ["mail", "webhook", "sms"])).toEqual(["mail", "sms"]);
  expect(withChannel(["mail", "sms"], "sms", false, ["mail", "webhook", "sms"])).toEqual(["mail"]);
});

it("leaves out what is empty, and a secret that was not typed", () => {
  expect(inputOf(form)).toEqual({ channels: [], quiet: false, from: "21:00", to: "08:00", digest: false });
  expect(inputOf({ ...form, address: " a@example.cn ", secret: "s" })).toMatchObject({
    address: "a@example.cn",
    secret: "s",
  });
});

it("wants an address for each channel that is on", () => {
  expect(missingInChoice(form)).toEqual([]);
  expect(missingInChoice({ ...form, channels: ["mail", "webhook", "sms"] })).toHaveLength(4);
  expect(missingInChoice({ ...form, channels: ["mail"], address: "a@example.cn" })).toEqual([]);
  expect(missingInChoice({ ...form, quiet: true, to: "" })).toEqual(["请选择免打扰的起止时间"]);
});
