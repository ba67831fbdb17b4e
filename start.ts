import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { nodeFlags, withAllocator } from './cli/process-settings.ts'

/** `npm start`: the service in a process with the settings that it runs best with, which can only be given at its start. */
const args = [...nodeFlags(process.env), join(import.meta.dirname, 'main.ts'), 'serve', ...process.argv.slice(2)]
const env = withAllocator(process.env)
// This process becomes the service, so that signals reach it and its end is the service's. Windows has no such call.
if (process.platform === 'win32' || process.execve === undefined)
  process.exitCode = spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status ?? 1
else process.execve(process.execPath, [process.execPath, ...args], env)
