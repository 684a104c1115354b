import { Button, Tooltip } from "antd";
import { useId } from "react";
import type { ActionOffer } from "../../api/types";

interface Props {
  offer: ActionOffer;
  loading?: boolean;
  onClick: () => void;
}

/**
 * A button that may not be used stays visible, can be reached by keyboard and says why, on hover, on focus and to a
 * screen reader; a really disabled button could do none of that.
 */
export function OfferButton({ offer, loading, onClick }: Props) {
  const id = useId();
  const why = offer.allowed ? undefined : offer.why_not || "现在不能进行这项操作";
  return (
    <>
      <Tooltip title={why ?? offer.next}>
        <Button
          danger={offer.danger && offer.allowed}
          loading={loading}
          aria-disabled={!offer.allowed}
          aria-describedby={why ? id : undefined}
          className={offer.allowed ? undefined : "button-off"}
          onClick={offer.allowed ? onClick : undefined}
        >
          {offer.label}
        </Button>
      </Tooltip>
      {why && (
        <span id={id} className="visually-hidden">
          不能使用：{why}
        </span>
      )}
    </>
  );
}
