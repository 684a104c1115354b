import type { ActionOffer } from "../../api/types";

interface Props {
  offers: ActionOffer[];
  chosen?: ActionOffer;
  onChoose: (offer: ActionOffer) => void;
}

/** The answers, each with what comes next; one that may not be used stays visible and says why. */
export function AnswerChoice({ offers, chosen, onChoose }: Props) {
  return (
    <fieldset className="answers">
      <legend className="field-label">办理结果</legend>
      {offers.map((offer, i) => {
        const id = `answer-${i}`;
        return (
          <label
            key={offer.answer}
            className={`answer${offer.danger ? " answer-danger" : ""}`}
            data-chosen={chosen === offer}
          >
            <input
              type="radio"
              name="answer"
              checked={chosen === offer}
              disabled={!offer.allowed}
              onChange={() => onChoose(offer)}
              aria-describedby={id}
            />
            <span>
              <span className="answer-label">{offer.label}</span>
              <span className="answer-next" id={id}>
                {offer.allowed ? offer.next : `不能使用：${offer.why_not}`}
              </span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
