"""Headless Chromium over its debugging pipe: the standard library and Debian's chromium are all it takes."""
import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time


class Browser:
    """One browser with one page. Collects what the page logs, throws and asks the network for."""

    def __init__(self, width=1200, height=900):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if not program:
            raise SystemExit("chromium is missing: apt-get install chromium")
        self.profile = tempfile.mkdtemp(prefix="itera-chromium-")
        reply_in, reply_out = os.pipe()
        command_in, command_out = os.pipe()

        def pipes():  # the browser reads commands from 3 and writes replies to 4
            # Above 4 first: one of the ends may itself be 3 or 4.
            os.dup2(command_in, 103)
            os.dup2(reply_out, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)
            os.closerange(5, 256)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update",
             "--user-data-dir=" + self.profile, f"--window-size={width},{height}", "about:blank"],
            preexec_fn=pipes, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        os.close(command_in)
        os.close(reply_out)
        self.replies, self.commands = reply_in, command_out
        self.buffer, self.last, self.session = b"", 0, None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            self.call(domain + ".enable")
        self.size(width, height)

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(10)
        except Exception:  # whatever state it is in, it must not stay
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.replies)
        os.close(self.commands)
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Protocol

    def _message(self, deadline):
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.replies], [], [], left)[0]:
                raise TimeoutError("chromium does not answer")
            chunk = os.read(self.replies, 1 << 20)
            if not chunk:
                raise ConnectionError("chromium ended")
            self.buffer += chunk
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while True:
            reply = self._message(deadline)
            if reply.get("id") == self.last:
                if "error" in reply:
                    raise RuntimeError(f"{method}: {reply['error']}")
                return reply["result"]
            if "method" in reply:
                self.events.append(reply)

    def wait(self, method):
        deadline = time.monotonic() + 60
        while True:
            for event in self.events:
                if event["method"] == method:
                    return event["params"]
            reply = self._message(deadline)
            if "method" in reply:
                self.events.append(reply)

    # Page

    def open(self, path, settle=True):
        """Loads a file; what was collected before is forgotten. Returns the milliseconds until it was painted (or, where
        no script may run and so none can tell, loaded)."""
        self.events.clear()
        begin = time.monotonic()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait("Page.loadEventFired")
        if settle:
            self.js("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        return 1000 * (time.monotonic() - begin)

    def js(self, expression):
        reply = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in reply:
            raise RuntimeError(f"{expression}: {reply['exceptionDetails']}")
        return reply["result"].get("value")

    def key(self, name, code=None, text=None, modifiers=0):
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}
        base = dict(key=name, code=code or name, windowsVirtualKeyCode=codes.get(name, ord(name[0])), modifiers=modifiers)
        text = text if text is not None else {"Enter": "\r", " ": " "}.get(name)
        self.call("Input.dispatchKeyEvent", type="keyDown", **base, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **base)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, scheme="light", media=""):
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def scripts(self, allowed):
        self.call("Emulation.setScriptExecutionDisabled", value=not allowed)

    def screenshot(self, path, whole=True):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as out:
            out.write(base64.b64decode(data))

    def pdf(self, path):
        data = self.call("Page.printToPDF", printBackground=False)["data"]
        with open(path, "wb") as out:
            out.write(base64.b64decode(data))

    def problems(self):
        """What a user would see in red in the console: errors, warnings, exceptions, violations of the policy."""
        self.js("0")  # whatever was logged is here by the time of this reply
        out = []
        for event in self.events:
            params = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                out.append(params["exceptionDetails"]["text"])
            if event["method"] == "Runtime.consoleAPICalled":
                out.append(f"console.{params['type']}")
            if event["method"] == "Log.entryAdded":
                out.append(params["entry"]["text"])
            if event["method"] == "Page.javascriptDialogOpening":
                out.append("dialog " + params["message"])
        return out

    def requests(self):
        self.js("0")
        return [event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"]

    def accessibility_tree(self):
        return [node for node in self.call("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
