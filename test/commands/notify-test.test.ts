import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notifyTest } from '../../commands/notify-test.ts'
import { BOT_TOKEN, SLACK_PATH, WEBHOOK_SECRET } from '../alerts/delivery/notifiers.ts'
import { answer, type Receiver, startReceiver } from '../alerts/delivery/receiver.ts'
import { configOf, load } from '../config/load.ts'

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver?.[Symbol.asyncDispose]())

async function run(channel: string, env: Record<string, string> = {}) {
  const output: string[] = []
  const channels = {
    soc: { type: 'slack', url: `${receiver.origin}${SLACK_PATH}` },
    owner: { type: 'telegram', bot_token: BOT_TOKEN, chat_id: '-100123', api_base: receiver.origin },
    siem: { type: 'webhook', url: `${receiver.origin}/in`, secret: WEBHOOK_SECRET, format: 'ocsf' },
  }
  const config = configOf(
    load(null, {
      CRMWATCH_CHANNELS: JSON.stringify(channels),
      CRMWATCH_DELIVERY_ALLOW_NETWORKS: '127.0.0.1',
      CRMWATCH_DELIVERY_TIMEOUT_MS: '20000',
      ...env,
    }),
  )
  const to = (name: string) => ({ write: (text: string) => output.push(`${name}: ${text}`) })
  const status = await notifyTest(
    { command: 'notify-test', channel, config: null },
    {
      config,
      logger: pino({ level: 'silent' }),
      version: '0.0.0',
      now: () => 1_000,
      after: (ms, callback) => {
        const timer = setTimeout(callback, ms)
        return () => clearTimeout(timer)
      },
      stdout: to('out'),
      stderr: to('err'),
    },
  )
  return { status, output: output.join('') }
}

describe('notify-test', () => {
  it('says that the channel took the test, which says that it is one', async () => {
    receiver.behave(answer(200, 'ok'))
    expect(await run('soc')).toEqual({ status: 0, output: 'out: soc (slack): delivered in 0 ms; answer 200: ok\n' })
    expect(receiver.requests.at(-1)?.body).toContain('Test message from crmwatch')
  })

  it('says what the other side answered, without secrets', async () => {
    receiver.behave((request, response) => {
      response.writeHead(404)
      response.end(JSON.stringify({ ok: false, description: `Not Found: ${request.path}` }))
    })
    expect(await run('owner')).toEqual({
      status: 1,
      output:
        'err: owner (telegram): not delivered, not found after 0 ms; answer 404: Not Found: /bot***/sendMessage; the service would try again\n',
    })
    const told = (await run('soc')).output
    expect(told).toContain('answer 404')
    expect(told).not.toContain('secretOfTheWebhook')
  })

  it('marks the test for machines too', async () => {
    receiver.behave(answer(400, 'no such class'))
    expect(await run('siem')).toEqual({
      status: 1,
      output:
        'err: siem (webhook): not delivered, refused after 0 ms; answer 400: no such class; the service would give it up\n',
    })
    expect(JSON.parse(receiver.requests.at(-1)?.body ?? '')).toMatchObject({ class_uid: 0, activity_name: 'Test' })
  })

  it('says why nobody was asked', async () => {
    expect((await run('soc', { CRMWATCH_DELIVERY_ALLOW_NETWORKS: '10.0.0.1' })).output).toBe(
      'err: soc (slack): not delivered, address refused after 0 ms; its address is private and not in delivery.allow_networks; the service would try again\n',
    )
    receiver.behave(() => undefined)
    expect((await run('soc', { CRMWATCH_DELIVERY_TIMEOUT_MS: '100' })).output).toBe(
      'err: soc (slack): not delivered, timeout after 0 ms; no answer in time; the service would try again\n',
    )
  })

  it('knows no other channel', async () => {
    expect(await run('sco')).toEqual({
      status: 2,
      output: "err: crmwatch: no channel is called 'sco'; did you mean soc?\n",
    })
  })
})
