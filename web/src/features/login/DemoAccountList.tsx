import { SearchOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useMemo, useState } from "react";
import type { DemoAccount } from "../../api/types";

interface Props {
  accounts: DemoAccount[];
  busy?: string;
  onPick: (account: DemoAccount) => void;
}

/** Invented accounts to sign in with by one click, found by name, unit or post. */
export function DemoAccountList({ accounts, busy, onPick }: Props) {
  const [text, setText] = useState("");
  const password = accounts[0]?.password;
  const found = useMemo(() => {
    const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    return accounts.filter((a) => {
      const all = `${a.login} ${a.name} ${a.unit_name} ${a.role_name}`.toLowerCase();
      return words.every((w) => all.includes(w));
    });
  }, [accounts, text]);

  return (
    <section className="login-demo" aria-labelledby="demo-title">
      <h2 id="demo-title">演示账号</h2>
      <p className="muted">
        人员和单位均为虚构。
        {password ? (
          <>
            选择一个账号即可登录，密码统一为 <span className="nowrap">{password}</span>。
          </>
        ) : (
          "选择一个账号，再填写密码。"
        )}
      </p>
      <Input
        prefix={<SearchOutlined aria-hidden />}
        placeholder="按姓名、单位、岗位查找，如：统计局"
        aria-label="查找演示账号"
        value={text}
        onChange={(e) => setText(e.target.value)}
        allowClear
      />
      <ul className="login-accounts">
        {found.map((a) => (
          <li key={a.login}>
            <Button block className="login-account" loading={busy === a.login} onClick={() => onPick(a)}>
              <span className="login-unit">{a.unit_name}</span>
              <span className="login-role">{a.role_name}</span>
              <span className="login-name">{a.name}</span>
            </Button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="muted">没有匹配的账号，请换一个词。</p>}
    </section>
  );
}
