import { Input } from "antd";
import { useState } from "react";
import type { Attachment, Poll } from "../../api/types";
import { Field } from "../../components/Field";
import { Uploads } from "../../components/Uploads";
import { choiceWords, groupedCode } from "../../lib/votes";
import { enterDoor } from "./api";
import { EntryForm } from "./EntryForm";

/** A ballot taken at the door: a photo of the signed sheet, and a witness, who stays the same from door to door. */
export function DoorForm({ poll }: { poll: Poll }) {
  const [witness, setWitness] = useState("");
  const [photos, setPhotos] = useState<Attachment[]>([]);
  const [busy, setBusy] = useState(false);
  return (
    <EntryForm
      poll={poll}
      name="door"
      title="入户表决"
      hint="两人上门，拍下签名的表决票，当场录入。见证人不能是录入人自己。"
      action="录入并计票"
      missing={[photos.length === 0 && "签名表决票的照片", !witness.trim() && "见证人"].filter((m) => m !== false)}
      busy={busy}
      send={(entry, header) =>
        enterDoor(
          poll.number,
          { ...entry, files: [...photos.map((f) => f.id), ...entry.files], witness: witness.trim() },
          header,
        )
      }
      done={({ voter, choice }, receipt) => {
        setPhotos([]);
        return {
          text: `${voter} 号（${choiceWords[choice]}）已计票，回执 ${groupedCode(receipt.tracker)}`,
          good: true,
        };
      }}
    >
      <Field label="见证人">
        {(id) => <Input id={id} value={witness} maxLength={50} onChange={(e) => setWitness(e.target.value)} />}
      </Field>
      <div>
        <p id="door-photo">签名表决票的照片</p>
        <Uploads value={photos} onChange={setPhotos} onBusy={setBusy} labelledBy="door-photo" />
      </div>
    </EntryForm>
  );
}
