// A demo link may carry the key of its fictional organisation behind its #, which never reaches the
// server: it goes on with the form to the home page, where adopt.js takes it.
"use strict";

const form = document.getElementById("demo");
if (form && location.hash) form.action += location.hash;
