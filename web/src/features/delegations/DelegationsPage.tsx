import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Popconfirm } from "antd";
import { useState } from "react";
import { api, data, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import type { Delegation, Delegations } from "../../api/types";
import { keys } from "../../api/keys";
import { useToday } from "../../app/now";
import { EmptyState, Loaded } from "../../components/Loaded";
import { moment, shortDay } from "../../lib/dates";
import { useProcedures } from "../launch/api";
import { DelegationForm } from "./DelegationForm";
import "./delegations.css";

/** For a period another person may act for me; both see the task, and the record says «B 代 A». */
export function Component() {
  const [adding, setAdding] = useState(false);
  const query = useQuery({
    queryKey: keys.delegations,
    queryFn: () => data<Delegations>(api.GET("/api/v1/delegations")),
  });
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>委托授权</h1>
          <p className="muted">外出期间请他人代办。双方都能看到待办，记录写明「谁 代 谁」，责任不转移。</p>
        </div>
        <Button type="primary" onClick={() => setAdding(true)}>
          新建委托
        </Button>
      </div>
      <Loaded query={query}>
        {(d) => (
          <>
            <List title="我委托的" items={d.given} mine empty="您没有委托他人代办。外出前可以新建委托。" />
            <List title="委托给我的" items={d.received} empty="没有人委托您代办。" />
          </>
        )}
      </Loaded>
      <DelegationForm open={adding} onClose={() => setAdding(false)} />
    </div>
  );
}

function List({ title, items, mine, empty }: { title: string; items: Delegation[]; mine?: boolean; empty: string }) {
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      {items.length === 0 ? (
        <EmptyState title={empty} />
      ) : (
        <ul className="delegations">
          {items.map((d) => (
            <Item key={d.id} of={d} mine={mine} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Item({ of: d, mine }: { of: Delegation; mine?: boolean }) {
  const today = useToday();
  const client = useQueryClient();
  const { message } = App.useApp();
  const procedures = useProcedures().data ?? [];
  const revoke = useMutation({
    mutationFn: () => api.DELETE("/api/v1/delegations/{id}", { params: { header: once(), path: { id: d.id } } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.delegations }),
    onError: (error) => message.warning(sentenceOf(error)),
  });
  const state = d.revoked ? "已收回" : d.end < today ? "已到期" : d.begin > today ? "未开始" : "生效中";
  const kinds = d.kinds.map((k) => procedures.find((p) => p.kind === k)?.name ?? k).join("、") || "全部事项";
  return (
    <li className="delegation">
      <div>
        <p>
          <strong>{mine ? d.to_name : d.from_name}</strong>{" "}
          <span className={`tag ${state === "生效中" ? "tag-accent" : "tag-grey"}`}>{state}</span>
        </p>
        <p className="muted">
          {shortDay(d.begin, today.slice(0, 4))} 至 {shortDay(d.end, today.slice(0, 4))} · {kinds}
          {d.revoked ? ` · ${moment(d.revoked)} 收回` : ""}
        </p>
      </div>
      {mine && !d.revoked && d.end >= today && (
        <Popconfirm
          title="收回这项委托"
          description="收回后对方不能再代您办理。"
          okText="收回"
          cancelText="保留"
          okButtonProps={{ danger: true }}
          onConfirm={() => revoke.mutate()}
        >
          <Button danger loading={revoke.isPending}>
            收回
          </Button>
        </Popconfirm>
      )}
    </li>
  );
}
