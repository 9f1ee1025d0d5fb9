import { finishSignIn } from "./session.js";

await finishSignIn();
