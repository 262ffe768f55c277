// The programs that load a platform's files with the platform's own library (tests/import/loaders), in the environments
// that `.ci/importers` sets up. A consumer that is not there fails the test: nothing is skipped.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";

const TESTS = join(dirname(fileURLToPath(import.meta.url)), "../../../tests/import");

function environment(name: string): string {
  const wanted = readFileSync(join(TESTS, "environments", `${name}.txt`), "utf8");
  const version = /==(\S+)/.exec(wanted)?.[1];
  const cache = process.env.CACHE ?? join(homedir(), ".cache/agentwright");
  const place = join(cache, "import", `${name}-${version}`);
  const listed = join(place, ".installed");
  if (!existsSync(listed) || readFileSync(listed, "utf8") !== wanted) {
    throw new Error(`${name} ${version} is not set up, so nothing can load its files: run \`.ci/importers ${name}\``);
  }
  return place;
}

/** What the platform's library finds wrong with these files; nothing where it takes them. */
export async function problems(platform: string, files: Record<string, Uint8Array>): Promise<string[]> {
  const place = environment(platform);
  const work = mkdtempSync(join(tmpdir(), "agentwright-load-"));
  try {
    const folder = join(work, "files");
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    writeFileSync(join(work, "cases.json"), JSON.stringify([{ name: "downloaded", folder }]));
    const { stdout } = await promisify(execFile)(
      join(place, "bin/python"),
      [join(TESTS, "loaders", `load_${platform}.py`), join(work, "cases.json")],
      { cwd: work, env: { ...process.env, ENVIRONMENT: place, PYTHONDONTWRITEBYTECODE: "1", NO_COLOR: "1" } },
    );
    const lines = stdout.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    const answer = lines.find((line) => line.name === "downloaded") as { problems: string[] } | undefined;
    if (!answer) throw new Error(`the loader of ${platform} said:\n${stdout}`);
    return answer.problems;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
