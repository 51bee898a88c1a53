/** The journal on Windows: who may touch it, whose journal is believed, how its reader is woken. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { JournalReader } from "../../host/ffi/journal_reader.ts";
import { TemporaryJournal } from "../../host/ffi/temporary_journal.ts";
import { NativeError } from "../../host/internal/errors.ts";
import { ensureLibrary } from "../../host/native/build.ts";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import { ONHOOK_KEYS } from "../../host/windows/onhook_keys.ts";
import { textValue } from "../../host/windows/registry_values.ts";
import { systemHive } from "../../host/windows/system_hive.ts";
import { testWhere } from "../support/test_where.ts";
import { holdEvent, holdMutex, rightsOf } from "./_windows_objects.ts";

const WAKE_KEY = 72;

const libraryPath = await ensureLibrary();

const HANGUPS = 150;

/** Name of the event that a journal's reader is woken by. */
function eventName(journal: string): string {
  const key = Deno.readFileSync(journal).subarray(WAKE_KEY, WAKE_KEY + 16);
  assert(key.some((byte) => byte !== 0), "the key is random");
  return `Global\\onhook-${key.toHex()}`;
}

function refusalIn(folder: string): NativeError {
  const path = join(folder, "hangup.journal");
  return assertThrows(() => JournalReader.open(path, { libraryPath }), NativeError);
}

testWhere("windows", "a journal and its folder are made for nobody else", async () => {
  await using temporary = await TemporaryJournal.make(libraryPath);
  const folder = join(temporary.path, "..", "new", "folder");
  const path = join(folder, "hangup.journal");
  await JournalReader.open(path, { libraryPath, capacityBytes: 65_536 }).close();
  for (const made of [path, folder, join(folder, "..")]) {
    const rights = rightsOf(made);
    assert(!/;;;(?:WD|BU|AU|AN)\)/.test(rights), `${made}: ${rights}`);
    assert(/;FA;;;SY\)/.test(rights), `${made}: ${rights}`);
  }
});

testWhere("windows", "a journal that was found open to everybody is closed to others", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await journal.open().close();
  const copy = Deno.readFileSync(journal.path);
  Deno.removeSync(journal.path);
  Deno.writeFileSync(journal.path, copy);
  assert(/;;;(?:WD|BU)\)/.test(rightsOf(journal.path)), "the test's file is open");
  await journal.open().close();
  assert(!/;;;(?:WD|BU)\)/.test(rightsOf(journal.path)), rightsOf(journal.path));
});

testWhere("foreign", "nothing is made in a folder that somebody else owns", () => {
  const error = refusalIn("Z:\\foreign");
  assertEquals(error.details.symbol, "ONHOOK_OPEN_FAILED");
  assert(error.message.includes("belongs to an account that is not trusted"), error.message);
  assertEquals([...Deno.readDirSync("Z:\\foreign")].map(({ name }) => name), ["file"]);
});

testWhere("foreign", "a journal that somebody else owns is refused and left alone", async () => {
  await using own = await TemporaryJournal.make(libraryPath);
  await own.open().close();
  // What is copied over a file keeps the file's owner.
  await Deno.writeFile("Z:\\foreign\\file", await Deno.readFile(own.path));
  await Deno.rename("Z:\\foreign\\file", own.path);
  const error = assertThrows(() => own.open(), NativeError);
  assert(error.message.includes("belongs to an account that is not trusted"), error.message);
  await startSimulator({ libraryPath, journalPath: own.path, count: 3 }).done;
  const names = [...Deno.readDirSync(join(own.path, ".."))].map(({ name }) => name);
  assertEquals(names, ["hangup.journal"], "the service sets nothing aside either");
});

/** Names the account of the host, as the installer does, and takes the name away again. */
function hostAccount(sid: string): Disposable {
  systemHive.setValue(ONHOOK_KEYS.onhook, "HostAccount", textValue(sid));
  return { [Symbol.dispose]: () => systemHive.deleteValue(ONHOOK_KEYS.onhook, "HostAccount") };
}

testWhere("foreign", "the account that the installer names for the host is trusted", async () => {
  // Wine calls every other user of the machine so: anonymous.
  using _account = hostAccount("S-1-5-7");
  const path = "Z:\\foreign\\hangup.journal";
  await JournalReader.open(path, { libraryPath, capacityBytes: 65_536 }).close();
  await Deno.remove(path);
});

for (const text of ["", "S-1-5-", "nobody", "S-1-5-7)(A;;FA;;;WD", "S-1-5-18", "x".repeat(500)]) {
  testWhere(
    "foreign",
    `HostAccount ${JSON.stringify(text.slice(0, 20))} trusts nobody else`,
    () => {
      using _account = hostAccount(text);
      const error = refusalIn("Z:\\foreign");
      assert(error.message.includes("belongs to an account that is not trusted"), error.message);
    },
  );
}

testWhere("windows", "a file with a second name is refused", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await journal.open().close();
  await Deno.link(journal.path, `${journal.path}-2`);
  const error = assertThrows(() => journal.open(), NativeError);
  assert(error.message.includes("has a second name"), error.message);
});

testWhere("windows", "the event is used when nobody else has its name", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await using reader = journal.open();
  assertEquals(reader.wakeState(), "event");
  await startSimulator({ libraryPath, journalPath: journal.path, count: 3 }).done;
  assertEquals(reader.wakeState(), "event");
});

const SQUATTERS = {
  "a mutex of its name": holdMutex,
  "an event of another account's": (name: string) => holdEvent(name, "O:ANG:AND:(A;;GA;;;WD)"),
};

for (const [what, squat] of Object.entries(SQUATTERS)) {
  testWhere("windows", `nothing is lost or late when somebody has ${what}`, async () => {
    await using journal = await TemporaryJournal.make(libraryPath);
    await journal.open().close();
    using _squatter = squat(eventName(journal.path));
    await using reader = journal.open();
    assertEquals(reader.wakeState(), "hostCannot");
    const simulator = startSimulator({
      libraryPath,
      journalPath: journal.path,
      count: HANGUPS,
      hangupsOnly: true,
      ratePerSecond: 50,
    });
    let seen = 0;
    let waits = 0;
    while (seen < HANGUPS + 2) {
      assertEquals(await reader.wait(20_000), "data");
      waits++;
      const { events } = TemporaryJournal.drainAll(reader);
      seen += events.length;
    }
    await simulator.done;
    assert(waits > 20, `${waits} waits: the events came in few heaps`);
  });
}

testWhere("windows", "the reader looks by itself when the service cannot wake it", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await journal.open().close();
  const squatter = SQUATTERS["a mutex of its name"](eventName(journal.path));
  // The service meets the squatter, the reader comes when it is gone.
  await startSimulator({ libraryPath, journalPath: journal.path, count: 3 }).done;
  squatter[Symbol.dispose]();
  await using reader = journal.open();
  assertEquals(reader.wakeState(), "serviceCannot");
  TemporaryJournal.drainAll(reader);
  await startSimulator({ libraryPath, journalPath: journal.path, count: 3 }).done;
  assertEquals(reader.wakeState(), "event", "the next start of the service changes it");
});

testWhere("wine", "the service starts without a journal and tells the event log why", async () => {
  const main = fromFileUrl(new URL("./_failing_service.ts", import.meta.url));
  const log = "Z:\\wine.log";
  const before = (await Deno.readTextFile(log)).length;
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", main, libraryPath],
    // A folder cannot stand where a file stands.
    env: { ONHOOK_JOURNAL: `${Deno.execPath()}\\hangup.journal` },
    stdin: "null",
  }).output();
  assertEquals(code, 0);
  const said = (await Deno.readTextFile(log)).slice(before);
  assert(/eventlog:ReportEventW L"Cannot .*hangup\.journal/.test(said), said);
  assert(said.includes("Remote access goes on"), said);
  // The same words are not said again every second.
  assertEquals([...said.matchAll(/Remote access goes on/g)].length, 1);
});
