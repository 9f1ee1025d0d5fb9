import { startSignIn } from "./session.js";

document.getElementById("sign-in").addEventListener("click", startSignIn);
