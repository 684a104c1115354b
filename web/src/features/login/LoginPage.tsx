import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { api, data } from "../../api/client";
import { ApiError, sentenceOf } from "../../api/errors";
import { keys } from "../../api/keys";
import type { DemoAccount, Me } from "../../api/types";
import { DemoAccountList } from "./DemoAccountList";
import "./login.css";

interface Credentials {
  login: string;
  password: string;
}

export function Component() {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form] = Form.useForm<Credentials>();
  const [busy, setBusy] = useState<string>();

  const signIn = useMutation({
    mutationFn: (credentials: Credentials) => data<Me>(api.POST("/api/v1/session", { body: credentials })),
    onMutate: (credentials) => setBusy(credentials.login),
    onSettled: () => setBusy(undefined),
    onSuccess: (me) => {
      client.clear();
      client.setQueryData(keys.me, me);
      navigate(safeNext(search.get("next")), { replace: true });
    },
  });
  const demo = useDemo();
  const pick = ({ login, password }: DemoAccount) => {
    if (password) {
      signIn.mutate({ login, password });
      return;
    }
    // Without a published password the account is only filled in.
    form.setFieldsValue({ login });
    form.focusField("password");
  };

  return (
    <main className="login">
      <section className="login-card" aria-labelledby="login-title">
        <div className="login-brand">
          <span className="brand-mark" aria-hidden>
            共
          </span>
          <div>
            <h1 id="login-title">共治</h1>
            <p className="muted">基层治理事项办理平台</p>
          </div>
        </div>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => signIn.mutate(v)}>
          <Form.Item label="账号" name="login" rules={[{ required: true, message: "请填写账号" }]}>
            <Input autoComplete="username" autoFocus maxLength={64} size="large" />
          </Form.Item>
          <Form.Item label="密码" name="password" rules={[{ required: true, message: "请填写密码" }]}>
            <Input.Password autoComplete="current-password" maxLength={256} size="large" />
          </Form.Item>
          <p className="login-error" role="alert">
            {signIn.error ? sentenceOf(signIn.error) : ""}
          </p>
          <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
            登录
          </Button>
        </Form>
        <p className="muted login-note">忘记密码请联系本单位管理员重置。</p>
      </section>
      {demo.data && demo.data.length > 0 && <DemoAccountList accounts={demo.data} busy={busy} onPick={pick} />}
    </main>
  );
}

/** The demonstration's accounts; outside of a demonstration there are none. */
function useDemo() {
  return useQuery({
    queryKey: ["demo-accounts"],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async () => {
      try {
        return await data<DemoAccount[]>(api.GET("/api/v1/demo/accounts"));
      } catch (error) {
        if (error instanceof ApiError) {
          return null;
        }
        throw error;
      }
    },
  });
}

/** Only a page of this console: an address from a link must not lead elsewhere. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith("/login") ? next : "/desk";
}
