// Records in the browser: what was recorded becomes the chosen file of the form.
// Without this script, or without a microphone, a file is chosen by hand.

const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"];
const SPEED = 32000; // bits a second: speech stays clear, and a minute has a quarter of a megabyte

const form = document.getElementById("sound-form");
const kind = globalThis.MediaRecorder && KINDS.find((one) => MediaRecorder.isTypeSupported(one));
if (form && kind && navigator.mediaDevices) begin();

function begin() {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const [start, stop, told, again] = ["start", "stop", "told", "again"].map(part);
  const most = Number(form.dataset.most);
  let recorder = null;
  part("recorder").hidden = false;

  start.addEventListener("click", async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!stream) {
      told.textContent = form.dataset.refused;
      return;
    }
    const parts = [];
    const begun = Date.now();
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: SPEED });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(clock);
      for (const track of stream.getTracks()) track.stop();
      done(new Blob(parts, { type: kind }));
    });
    const clock = setInterval(() => {
      const seconds = Math.floor((Date.now() - begun) / 1000);
      part("clock").textContent = `${seconds} / ${most}`;
      if (seconds >= most - 1) recorder.stop();
    }, 200);
    recorder.start();
    show(true);
    told.textContent = form.dataset.recording;
  });
  stop.addEventListener("click", () => recorder?.stop());

  function show(recording) {
    start.hidden = recording;
    stop.hidden = !recording;
    (recording ? stop : start).focus();
  }

  function done(blob) {
    const ending = kind.includes("ogg") ? "ogg" : "webm";
    const files = new DataTransfer();
    files.items.add(new File([blob], `recording.${ending}`, { type: kind }));
    form.elements.file.files = files.files;
    const player = again.querySelector("audio");
    if (player.src) URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(blob);
    again.hidden = false;
    told.textContent = "";
    show(false);
  }
}
