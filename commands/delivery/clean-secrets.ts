import type { ChannelSetting } from '../../config.ts'

const SHORTEST = 4

/** Takes a channel's secrets out of a text that the other side wrote: some quote the request in their answers. */
export function createSecretCleaner(channel: ChannelSetting): (text: string) => string {
  const secrets = secretsOf(channel).filter((secret) => secret.length >= SHORTEST)
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
}

function secretsOf(channel: ChannelSetting): string[] {
  switch (channel.type) {
    case 'slack':
      return [channel.url, new URL(channel.url).pathname, ...new URL(channel.url).pathname.split('/').slice(2)]
    case 'telegram':
      return [channel.bot_token, channel.bot_token.split(':')[1]]
    case 'webhook': {
      const { pathname, search } = new URL(channel.url)
      return [
        channel.secret,
        channel.secret.replace(/^whsec_/, ''),
        search,
        ...(pathname.length > 1 ? [channel.url] : []),
      ]
    }
    case 'email':
      return channel.password === undefined ? [] : [channel.password, Buffer.from(channel.password).toString('base64')]
    case 'kafka':
      return []
  }
}
