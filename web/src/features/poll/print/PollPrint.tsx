import { PrinterOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import "../../print/print.css";
import "./pollprint.css";

interface Props {
  ready: boolean;
  note?: ReactNode;
  children: ReactNode;
}

/** What all papers of a vote have around them on the screen: the way back, and the button that prints. */
export function PollPrint({ ready, note, children }: Props) {
  const { number = "" } = useParams();
  return (
    <div className="print-page">
      <div className="print-bar">
        <Link to={`/polls/${encodeURIComponent(number)}`}>回到表决板</Link>
        <span className="print-note">{note}</span>
        <Button type="primary" disabled={!ready} icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
          打印
        </Button>
      </div>
      {children}
    </div>
  );
}
