import { Alert, App, Button, Checkbox, Input, Select, TimePicker } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { sentenceOf } from "../../api/errors";
import type { NotifyChoice } from "../../api/types";
import { Field } from "../../components/Field";
import { Loaded } from "../../components/Loaded";
import { useNotifyChoice, useSaveChoice } from "./api";
import { type ChoiceForm, formOf, inputOf, missingInChoice, withChannel } from "./choice";
import "./inbox.css";

/** How does one want to be told? */
export function Component() {
  const query = useNotifyChoice();
  return (
    <div className="page">
      <h1>通知设置</h1>
      <div className="panel panel-pad">
        <Loaded query={query}>{(choice) => <ChoiceEditor choice={choice} />}</Loaded>
      </div>
    </div>
  );
}

const robots = [
  { value: "wecom", label: "企业微信" },
  { value: "dingtalk", label: "钉钉" },
  { value: "feishu", label: "飞书" },
  { value: "plain", label: "其他（JSON）" },
];

function ChoiceEditor({ choice }: { choice: NotifyChoice }) {
  const [form, setForm] = useState<ChoiceForm>(() => formOf(choice));
  const [tried, setTried] = useState(false);
  const save = useSaveChoice();
  const { message } = App.useApp();
  const change = (part: Partial<ChoiceForm>) => setForm((old) => ({ ...old, ...part }));
  const missing = missingInChoice(form);
  const order = choice.available.map((c) => c.channel);
  const send = async () => {
    setTried(true);
    if (missing.length > 0) {
      return;
    }
    try {
      setForm(formOf(await save.mutateAsync(inputOf(form))));
      message.success("通知设置已保存");
    } catch {
      // The alert below says what happened; what was filled in stays.
    }
  };
  return (
    <form
      className="notify-form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      {choice.lost && (
        <Alert type="warning" showIcon title="原来的机器人地址和签名密钥已不能读取，消息发不到机器人。请重新填写。" />
      )}
      <fieldset>
        <legend>渠道</legend>
        <p>站内消息始终开启，在右上角的铃铛里。</p>
        {choice.available.map((c) => {
          const on = form.channels.includes(c.channel);
          return (
            <div key={c.channel} className="stack">
              <Checkbox
                checked={on}
                disabled={!c.ready && !on}
                onChange={(e) => change({ channels: withChannel(form.channels, c.channel, e.target.checked, order) })}
              >
                {c.title}
                {!c.ready && <span className="muted">（{c.why || "没有配置"}）</span>}
              </Checkbox>
              {on && <Address channel={c.channel} form={form} kept={choice.has_secret} change={change} />}
            </div>
          );
        })}
      </fieldset>
      <fieldset>
        <legend>时段</legend>
        <Checkbox checked={form.quiet} onChange={(e) => change({ quiet: e.target.checked })}>
          免打扰：这段时间里邮件、机器人和短信先不发，到点再发
        </Checkbox>
        {form.quiet && (
          <div className="row notify-more">
            <TimePicker.RangePicker
              format="HH:mm"
              minuteStep={5}
              order={false}
              allowClear={false}
              needConfirm={false}
              aria-label="免打扰的起止时间"
              value={[dayjs(form.from, "HH:mm"), dayjs(form.to, "HH:mm")]}
              onChange={(range) =>
                range?.[0] && range[1] && change({ from: range[0].format("HH:mm"), to: range[1].format("HH:mm") })
              }
            />
          </div>
        )}
        <Checkbox checked={form.digest} onChange={(e) => change({ digest: e.target.checked })}>
          每日汇总：还不急的提醒合成一条，每天 08:30 发
        </Checkbox>
      </fieldset>
      {save.error && <Alert type="warning" showIcon title={sentenceOf(save.error)} />}
      {tried && missing.length > 0 && <Alert type="warning" showIcon title={missing.join("；")} />}
      <div>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          保存
        </Button>
      </div>
    </form>
  );
}

interface AddressProps {
  channel: NotifyChoice["channels"][number];
  form: ChoiceForm;
  kept: boolean;
  change: (part: Partial<ChoiceForm>) => void;
}

/** Where a channel goes to. */
function Address({ channel, form, kept, change }: AddressProps) {
  if (channel === "mail") {
    return (
      <div className="notify-more">
        <Field label="邮箱">
          {(id) => (
            <Input
              id={id}
              type="email"
              maxLength={254}
              value={form.address}
              onChange={(e) => change({ address: e.target.value })}
            />
          )}
        </Field>
      </div>
    );
  }
  if (channel === "sms") {
    return (
      <div className="notify-more">
        <Field label="手机号">
          {(id) => (
            <Input
              id={id}
              inputMode="tel"
              maxLength={16}
              value={form.phone}
              onChange={(e) => change({ phone: e.target.value })}
            />
          )}
        </Field>
      </div>
    );
  }
  return (
    <div className="notify-more">
      <Field label="机器人的种类">
        {(id) => (
          <Select
            id={id}
            placeholder="选择种类"
            value={form.form || undefined}
            onChange={(v: ChoiceForm["form"]) => change({ form: v })}
            options={robots}
          />
        )}
      </Field>
      <Field label="机器人地址">
        {(id) => (
          <Input
            id={id}
            type="url"
            maxLength={1000}
            placeholder="https://…"
            value={form.url}
            onChange={(e) => change({ url: e.target.value })}
          />
        )}
      </Field>
      <Field label={kept ? "签名密钥（已保存，不显示；要更换再填写）" : "签名密钥（可不填写）"}>
        {(id) => (
          <Input.Password
            id={id}
            autoComplete="new-password"
            maxLength={256}
            value={form.secret ?? ""}
            onChange={(e) => change({ secret: e.target.value || undefined })}
          />
        )}
      </Field>
    </div>
  );
}
