import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '../../../model/error-code.ts'
import { runCommand } from './run-command.ts'

const POM = join(import.meta.dirname, 'pom.xml')
const CACHE = join(import.meta.dirname, '..', '..', '..', '.cache', 'kafka')
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
const FETCH_LIMIT_MS = 300_000
const OLDEST_JAVA = 17

/**
 * The class path of the broker named in pom.xml, fetched by Maven on first use and kept under .cache/kafka.
 * Several test processes may ask at once: one fetches, the others wait for it.
 */
export async function fetchKafkaJars(): Promise<string> {
  await requireJava()
  const version = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 12)
  const jars = join(CACHE, version)
  const classPath = join(jars, '*')
  if (existsSync(jars)) return classPath
  await mkdir(CACHE, { recursive: true })
  const lock = join(CACHE, `${version}.lock`)
  const deadline = Date.now() + FETCH_LIMIT_MS
  while (!existsSync(jars)) {
    if (await takeLock(lock)) {
      try {
        if (!existsSync(jars)) await fetchInto(jars)
      } finally {
        await rm(lock, { force: true })
      }
    } else {
      if (Date.now() > deadline) throw new Error(`Another process has been fetching Kafka's jars for too long: ${lock}`)
      await sleep(250)
    }
  }
  return classPath
}

async function fetchInto(jars: string): Promise<void> {
  const fresh = `${jars}.${process.pid}.part`
  await rm(fresh, { recursive: true, force: true })
  try {
    await runCommand('mvn', [
      '--batch-mode',
      '--quiet',
      '--file',
      POM,
      COPY_DEPENDENCIES,
      '-DincludeScope=runtime',
      `-DoutputDirectory=${fresh}`,
    ])
    await rename(fresh, jars)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (isMissingProgram(error)) throw new Error(missing('Maven (the command `mvn`)'), { cause: error })
    throw new Error(missing("Kafka's jars, which Maven could not fetch"), { cause: error })
  }
}

/** True when this process holds the lock now; a lock left by a process that is gone is taken over. */
async function takeLock(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx')
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  } catch {
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''))
    if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true })
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

async function requireJava(): Promise<void> {
  const found = await runCommand('java', ['-version']).catch((error: unknown) => {
    if (isMissingProgram(error)) throw new Error(missing(`Java ${OLDEST_JAVA} or newer (the command \`java\`)`))
    throw error
  })
  const version = Number(/version "(\d+)/.exec(found.stderr)?.[1] ?? 0)
  if (version < OLDEST_JAVA) throw new Error(missing(`Java ${OLDEST_JAVA} or newer (\`java\` here is ${version})`))
}

function missing(what: string): string {
  return `The tests against a real Kafka broker need ${what}. Install it, or name a running broker in KAFKA_BROKERS for the tests that do not stop theirs.`
}

function isMissingProgram(error: unknown): boolean {
  return errorCode(error) === 'ENOENT'
}
