// News of the program for a page. A browser keeps six lines open to one place, for all its tabs together:
// a page that nobody looks at hangs up, and asks again when somebody does, also after «back».
window.bulletinNews = (listen) => {
  "use strict";
  let stream = null;
  const open = () => {
    if (stream || document.hidden) return;
    stream = new EventSource("/_bulletin/events");
    stream.onmessage = (event) => listen(JSON.parse(event.data));
  };
  const close = () => {
    stream?.close();
    stream = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
};
