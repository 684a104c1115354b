import { EllipsisOutlined } from "@ant-design/icons";
import { Drawer } from "antd";
import { useState } from "react";
import { NavLink, useLocation } from "react-router";
import { type Entry, isAt } from "./menu";

/** The last entry of a phone's bottom bar: a sheet with every page of the menu that the bar has no room for. */
export function More({ entries }: { entries: Entry[] }) {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const here = entries.some((e) => isAt(e, pathname));
  const close = () => setOpen(false);
  return (
    <li>
      <button
        type="button"
        className={here ? "entry entry-on" : "entry"}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <span aria-hidden>
          <EllipsisOutlined />
        </span>
        <span>更多</span>
      </button>
      <Drawer title="更多" placement="bottom" size="auto" open={open} onClose={close}>
        <nav aria-label="更多入口">
          <ul className="more-entries">
            {entries.map((e) => (
              <li key={e.key}>
                <NavLink to={e.to} onClick={close} className={({ isActive }) => (isActive ? "entry entry-on" : "entry")}>
                  <span aria-hidden>{e.icon}</span>
                  <span>{e.label}</span>
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
      </Drawer>
    </li>
  );
}
