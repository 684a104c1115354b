import { useMutation } from "@tanstack/react-query";
import { Alert, Button, DatePicker, Form, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { useToday } from "../../app/now";
import { UnitSelect } from "../../components/UnitSelect";
import { useRoles } from "../../components/useRoles";
import { dayFormats } from "../../lib/dates";

interface Values {
  unit: string;
  role: string;
  from: Dayjs;
  to?: Dayjs;
}

/** Gives a post for a term. */
export function PostForm({ user, onDone }: { user: string; onDone: () => void }) {
  const [form] = Form.useForm<Values>();
  const today = useToday();
  const roles = useRoles();
  const create = useMutation({
    mutationFn: (v: Values) =>
      api.POST("/api/v1/posts", {
        params: { header: once() },
        body: {
          user,
          unit: v.unit,
          role: v.role,
          from: v.from.format("YYYY-MM-DD"),
          ...(v.to ? { to: v.to.format("YYYY-MM-DD") } : {}),
        },
      }),
    onSuccess: () => {
      form.resetFields();
      onDone();
    },
  });
  return (
    <Form
      form={form}
      layout="vertical"
      className="post-form"
      initialValues={{ from: dayjs(today) }}
      onFinish={(v) => create.mutate(v)}
    >
      <Form.Item name="unit" label="单位" rules={[{ required: true, message: "请选择单位" }]}>
        <UnitSelect label="单位" width="100%" forNew />
      </Form.Item>
      <Form.Item name="role" label="岗位" rules={[{ required: true, message: "请选择岗位" }]}>
        <Select
          loading={roles.isPending}
          options={roles.data?.map((r) => ({ value: r.role, label: r.name }))}
          placeholder="选择岗位"
          notFoundContent={roles.error ? sentenceOf(roles.error) : undefined}
        />
      </Form.Item>
      <Form.Item name="from" label="任职起" rules={[{ required: true, message: "请选择日期" }]}>
        <DatePicker defaultPickerValue={dayjs(today)} format={dayFormats} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="to" label="任职止" extra="不填表示没有止期">
        <DatePicker defaultPickerValue={dayjs(today)} format={dayFormats} style={{ width: "100%" }} />
      </Form.Item>
      {create.error && <Alert type="warning" showIcon title={sentenceOf(create.error)} />}
      <Button htmlType="submit" loading={create.isPending}>
        任职
      </Button>
    </Form>
  );
}
