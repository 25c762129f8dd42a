"use strict";
(() => {
  const claims = [...document.querySelectorAll(".claims details")];
  const said = new Map(claims.map((claim) => {
    const family = claim.closest(".family")?.querySelector("h4").textContent ?? "";
    return [claim, `${family} ${claim.textContent}`.toLowerCase()];
  }));
  const form = document.getElementById("filter");
  const state = document.getElementById("state");
  const find = document.getElementById("find");
  const found = document.getElementById("found");
  const filter = () => {
    const words = find.value.toLowerCase();
    let shown = 0;
    for (const claim of claims) {
      const is = (claim.dataset.is ?? "").split(" ");
      claim.hidden = (state.value && !is.includes(state.value)) ||
        (words && !said.get(claim).includes(words));
      shown += claim.hidden ? 0 : 1;
    }
    for (const group of document.querySelectorAll(".family, .group"))
      group.hidden = !group.querySelector("details:not([hidden])");
    found.value = `${shown} of ${claims.length} claims`;
  };
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden || target.closest(".group[hidden]")) {
      state.value = find.value = "";
      filter();
    }
    if (target.matches("details")) {
      target.open = true;
      target.querySelector("summary").focus({ preventScroll: true });
    }
    target.scrollIntoView();
  };
  if (claims.length) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", filter);
    filter();
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
