import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Frame } from "./Frame";
import "./resident.css";
import { VotePage } from "./VotePage";

// The residents' pages are a program of their own, without the console: an old phone loads little, and nobody signs in.
// They keep to what Chromium 78 knows.
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Frame>
        <VotePage />
      </Frame>
    </StrictMode>,
  );
}
