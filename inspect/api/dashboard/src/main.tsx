import "./theme/tokens.css";
import "./theme/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Words } from "./i18n/Words";
import { Live } from "./pages/live/Live";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <Words>
      <Live />
    </Words>
  </StrictMode>,
);
