// Looks again every few seconds and puts the new content in the old one's place.
"use strict";

const seconds = Number(document.querySelector("main").dataset.live);

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["main", "header"]) {
      const old = document.querySelector(part);
      const next = fresh.querySelector(part);
      // Whoever types or has a place by keyboard keeps it until they leave.
      if (next && !old.contains(document.activeElement) && old.innerHTML !== next.innerHTML) {
        old.replaceChildren(...next.childNodes);
      }
    }
    document.documentElement.classList.remove("lost");
  } catch {
    document.documentElement.classList.add("lost");
  }
}

if (seconds > 0) setInterval(look, seconds * 1000);
document.addEventListener("visibilitychange", look);
