import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, DatePicker, Form, Modal, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { keys } from "../../api/keys";
import { useToday } from "../../app/now";
import { useMe } from "../../app/session";
import { UserSelect } from "../../components/UserSelect";
import { dayFormats } from "../../lib/dates";
import { useProcedures } from "../launch/api";

interface Values {
  to: string;
  kinds?: string[];
  begin: Dayjs;
  end: Dayjs;
}

export function DelegationForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const client = useQueryClient();
  const me = useMe();
  const today = useToday();
  const procedures = useProcedures().data ?? [];
  const create = useMutation({
    mutationFn: (v: Values) =>
      api.POST("/api/v1/delegations", {
        params: { header: once() },
        body: {
          to: v.to,
          kinds: v.kinds ?? [],
          begin: v.begin.format("YYYY-MM-DD"),
          end: v.end.format("YYYY-MM-DD"),
        },
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.delegations });
      form.resetFields();
      onClose();
    },
  });
  return (
    <Modal
      open={open}
      onCancel={onClose}
      title="新建委托"
      okText="委托代办"
      cancelText="取消"
      confirmLoading={create.isPending}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" onFinish={(v) => create.mutate(v)}>
        <Form.Item name="to" label="委托给" rules={[{ required: true, message: "请选择受托人" }]}>
          <UserSelect without={me.user.id} />
        </Form.Item>
        <Form.Item name="begin" label="第一天" rules={[{ required: true, message: "请选择第一天" }]}>
          <DatePicker
            format={dayFormats}
            minDate={dayjs(today)}
            defaultPickerValue={dayjs(today)}
            style={{ width: "100%" }}
          />
        </Form.Item>
        <Form.Item
          name="end"
          label="最后一天"
          dependencies={["begin"]}
          rules={[
            { required: true, message: "请选择最后一天" },
            ({ getFieldValue }) => ({
              validator: (_, v?: Dayjs) =>
                v?.isBefore(getFieldValue("begin"), "day")
                  ? Promise.reject(new Error("最后一天不能早于第一天"))
                  : Promise.resolve(),
            }),
          ]}
        >
          <DatePicker
            format={dayFormats}
            minDate={dayjs(today)}
            defaultPickerValue={dayjs(today)}
            style={{ width: "100%" }}
          />
        </Form.Item>
        <Form.Item name="kinds" label="事项" extra="不选表示全部事项">
          <Select
            mode="multiple"
            options={procedures.map((p) => ({ value: p.kind, label: p.name }))}
            placeholder="全部事项"
          />
        </Form.Item>
        {create.error && <Alert type="warning" showIcon title={sentenceOf(create.error)} />}
      </Form>
    </Modal>
  );
}
