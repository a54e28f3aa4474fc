// Sends a few events with the official Node SDK. Arguments: host, token, "v0" or "v1".
import { PostHog } from 'posthog-node'

const [host, token, mode] = process.argv.slice(2)
const client = new PostHog(token, { host, flushAt: 3, ...(mode === 'v1' ? { captureMode: 'v1' } : {}) })
const errors = []
client.on('error', (error) => errors.push(String(error)))
client.capture({ distinctId: 'n1', event: 'report made', properties: { pages: 3, nested: { deep: [1, { x: null }] } } })
client.identify({ distinctId: 'n1', properties: { plan: 'team' } })
client.alias({ distinctId: 'n1', alias: 'anonymous-n1' })
client.groupIdentify({ groupType: 'company', groupKey: 'acme', properties: { name: 'Acme' } })
client.captureException(new Error('boom'), 'n1')
await client.shutdown()
console.log(JSON.stringify({ errors }))
