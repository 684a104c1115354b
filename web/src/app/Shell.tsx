import { type ReactNode, Suspense } from "react";
import { NavLink, Outlet, ScrollRestoration, useNavigation } from "react-router";
import { Starting } from "./Fallbacks";
import { bottomOf, type Entry, menuOf } from "./menu";
import { More } from "./More";
import { useMe } from "./session";
import { TopBar } from "./TopBar";

export function Shell() {
  const me = useMe();
  const menu = menuOf(me);
  const bar = bottomOf(menu);
  const navigation = useNavigation();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        跳到正文
      </a>
      <TopBar />
      <nav className="side" aria-label="主菜单">
        <MenuList entries={menu} />
      </nav>
      <main id="main" tabIndex={-1} className="main" aria-busy={navigation.state === "loading"}>
        <Suspense fallback={<Starting />}>
          <Outlet />
        </Suspense>
      </main>
      <nav className="bottom" aria-label="常用入口">
        <MenuList entries={bar}>
          {menu.length > bar.length && <More entries={menu.filter((e) => !bar.includes(e))} />}
        </MenuList>
      </nav>
      <ScrollRestoration getKey={(l) => l.pathname} />
    </div>
  );
}

function MenuList({ entries, children }: { entries: Entry[]; children?: ReactNode }) {
  return (
    <ul className="menu">
      {entries.map((e) => (
        <li key={e.key}>
          <NavLink to={e.to} className={({ isActive }) => (isActive ? "entry entry-on" : "entry")}>
            <span aria-hidden>{e.icon}</span>
            <span>{e.label}</span>
          </NavLink>
        </li>
      ))}
      {children}
    </ul>
  );
}
