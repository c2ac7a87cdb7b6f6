/* The drawer: what htmx loads into it opens it. Without this file every link is a plain page. */
"use strict";

const drawer = document.getElementById("drawer");

if (drawer) {
  const body = document.getElementById("drawer-body");

  const say = (words) => {
    const told = document.createElement("p");
    told.className = "notice wrong";
    told.setAttribute("role", "alert");
    told.textContent = words;
    body.replaceChildren(told);
    open();
  };

  const open = () => {
    if (!drawer.open) drawer.showModal();
    drawer.scrollTop = 0;
    (body.querySelector("h1") || body).focus();
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === body) open();
  });
  document.addEventListener("htmx:responseError", (event) => {
    /* The page itself says best why it cannot be shown. */
    if (event.detail.target === body) window.location.assign(event.detail.pathInfo.requestPath);
  });
  document.addEventListener("htmx:sendError", () => say("无法连接工作台，请检查网络后重试。"));
  document.addEventListener("htmx:timeout", () => say("工作台没有及时响应，请稍后重试。"));
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
  drawer.addEventListener("close", () => body.replaceChildren());
}
