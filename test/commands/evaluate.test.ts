import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EvaluateCommand } from '../../cli/command.ts'
import { parseCommand } from '../../cli/parse-command.ts'
import { evaluate } from '../../commands/evaluate.ts'
import type { Evaluation } from '../../commands/evaluation/evaluate-runs.ts'
import { replay } from '../../commands/replay.ts'
import { configOf, load } from '../config/load.ts'
import { inFolder, NOW } from '../support/test-core.ts'

const config = configOf(load('timezone: Europe/Berlin'))

function commandOf(line: string): EvaluateCommand {
  const command = parseCommand(line.split(' '))
  if (command.command !== 'evaluate') throw new Error(JSON.stringify(command))
  return command
}

async function run(line: string): Promise<string> {
  let text = ''
  const stdout = { write: (more: string) => (text += more) }
  const stderr = { write: () => true }
  const code = await evaluate(commandOf(line), { config, stdout, stderr, now: () => NOW, monotonic: () => 0 })
  expect(code).toBe(0)
  return text
}

const SMALL = '--staff 60 --weeks 8 --thieves 0.1'

describe('evaluate', () => {
  it('judges exactly the alerts that replay opens, from a seed and from the folder it writes', async () => {
    await inFolder(async (dir) => {
      const data = join(dir, 'data')
      await run(`evaluate --seeds 5 ${SMALL} --write ${data}`)
      const fromSeed = await run(`evaluate --seeds 5 ${SMALL} --json ${join(dir, 'seed.json')}`)
      await run(`evaluate --data ${data} --timezone Europe/Berlin --json ${join(dir, 'data.json')}`)
      const figures = async (name: string): Promise<Evaluation> => {
        const text = await readFile(join(dir, name), 'utf8')
        return JSON.parse(text.replaceAll(JSON.stringify(data), '"seed 5"'))
      }
      const seed = await figures('seed.json')
      const folder = await figures('data.json')
      expect(folder).toEqual(seed)
      expect(seed.configured.campaigns).toBeGreaterThan(0)
      expect(seed.outcomes.campaigns).toHaveLength(seed.configured.campaigns)
      expect(seed.outcomes.falseAlerts).toHaveLength(seed.configured.falseAlerts)
      expect(fromSeed).toContain('seed 5')

      const alertsOut = join(dir, 'alerts.ndjson')
      const quiet = { write: () => true }
      const command = parseCommand(
        `replay --events ${data}/events.jsonl --staff ${data}/staff.jsonl --alerts-out ${alertsOut}`.split(' '),
      )
      if (command.command !== 'replay') throw new Error('not a replay')
      const labels = JSON.parse(await readFile(join(data, 'labels.json'), 'utf8'))
      // A data set's planted contacts are the product's own when it is judged.
      const planting = { ...config, canary: { contacts: labels.planted_uids } }
      await replay(command, { config: planting, stdout: quiet, stderr: quiet, now: () => NOW, monotonic: () => 0 })
      const opened = (await readFile(alertsOut, 'utf8'))
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => JSON.parse(text))
      expect(opened.length).toBeGreaterThan(0)
      const grace = 7 * 86_400_000
      const onThieves = (alert: { actor_uid: string; opened_at: string }): boolean =>
        labels.campaigns.some(
          (one: { actor_uids: string[]; from: string; to: string }) =>
            one.actor_uids.includes(alert.actor_uid) &&
            Date.parse(alert.opened_at) >= Date.parse(one.from) &&
            Date.parse(alert.opened_at) <= Date.parse(one.to) + grace,
        )
      const judged = opened.filter((alert) => Date.parse(alert.opened_at) >= Date.parse(labels.scored_from))
      expect(seed.configured.falseAlerts).toBe(judged.filter((alert) => !onThieves(alert)).length)
    })
  }, 120_000)

  it('opens the file of the figures before the work', async () => {
    await inFolder(async (dir) => {
      const json = join(dir, 'nodir', 'figures.json')
      let said = ''
      const stdout = { write: () => true }
      const stderr = { write: (text: string) => (said += text) }
      const command = commandOf(`evaluate --data ${join(dir, 'notthere')} --json ${json}`)
      expect(await evaluate(command, { config, stdout, stderr, now: () => NOW, monotonic: () => 0 })).toBe(2)
      expect(said).toBe(
        `crmwatch: evaluate: --json ${json} cannot be written: there is no folder ${join(dir, 'nodir')}\n`,
      )
    })
  })

  it('finds prepared stores again', async () => {
    await inFolder(async (dir) => {
      const line = `evaluate --seeds 5 ${SMALL} --quick --cache ${join(dir, 'cache')}`
      expect(await run(line)).toBe(await run(line))
    })
  }, 120_000)
})

describe('the command line of evaluate', () => {
  it('takes the budgets that the configuration and tune take', () => {
    expect(commandOf('evaluate --seeds 1 --budget 0.1 --leaver-budget 100 --budgets 0.5,2 10')).toMatchObject({
      budget: 0.1,
      leaverBudget: 100,
      budgets: [0.5, 2, 10],
    })
    expect(commandOf('evaluate --seeds 1')).toMatchObject({ budget: 5, leaverBudget: 5, budgets: [1, 5, 20] })
  })

  it.each([
    ['--seeds 11,12', [11, 12]],
    ['--seeds 11-14', [11, 12, 13, 14]],
    ['--seeds 1 3-4,9', [1, 3, 4, 9]],
  ])('%s', (options, seeds) => {
    expect(commandOf(`evaluate ${options}`).seeds).toEqual(seeds)
  })

  it.each([
    ['', '--seeds N or --data DIR is missing'],
    ['--seeds x', "--seeds takes whole numbers up to 4294967295 such as 11,12 or 11-16, not 'x'"],
    ['--seeds 5-3', 'such as 11,12 or 11-16'],
    ['--seeds 1 --warm-up-weeks 20', '--warm-up-weeks 20 leaves nothing of 20 simulated weeks to judge'],
    ['--data d --calibration-seeds 1 --weeks 8 --warm-up-weeks 9', 'leaves nothing of 8 simulated weeks to judge'],
    ['--seeds 1 --budget 0', "--budget takes a number from 0.1 to 100, not '0'"],
    ['--seeds 1 --leaver-budget 101', "--leaver-budget takes a number from 0.1 to 100, not '101'"],
    ['--seeds 1 --budgets 0', "--budgets takes a number from 0.1 to 100, not '0'"],
    ['--seeds 1 --budgets 1,x', "--budgets takes a number from 0.1 to 100, not 'x'"],
    [`--seeds 1 --budgets ${'1,'.repeat(20)}1`, '--budgets takes 20 numbers at most'],
    ['--data ok --write w', '--write needs --seeds N'],
    ['--seeds 1 --data ok --write w', '--write measures nothing, and goes without --data'],
    ['--seeds 1 --write w --json j', '--write measures nothing, and goes without --json'],
    ['--seeds 1 --write w --quick', '--write measures nothing, and goes without --quick'],
    ['--seeds 1 --write w --cache c', '--write measures nothing, and goes without --cache'],
    ['--seeds 1 --write w --budget 5', '--write measures nothing, and goes without --budget'],
    ['--seeds 1 --write w --calibration-seeds 2', '--write measures nothing, and goes without --calibration-seeds'],
    ['--data d --timezone Mars/Base', "--timezone takes an IANA time zone such as Europe/Berlin, not 'Mars/Base'"],
    ['--seeds 1 --thieves 2', '--thieves takes a number from 0 to 1'],
  ])('refuses "%s"', (options, message) => {
    const command = parseCommand(['evaluate', ...options.split(' ').filter((part) => part !== '')])
    expect(command).toMatchObject({ command: 'usage-error', message: expect.stringContaining(message) })
  })
})
