/** What a command line is about: the names in it, without its verbs, its nouns and its options. */

const PLAIN_NAME = /^[~@\w.:/#=+ -]{1,120}$/

/** Nouns and verbs that command lines are made of: never the name of one thing. */
const COMMON = new Set(
  `secretsmanager logs events kinesis sagemaker athena glue redshift elasticache opensearch apigateway acm kms cognito-idp autoscaling disks snapshots addresses subnets firewall-rules routers backups collections quiet aws az gcloud gsutil kubectl k oc helm terraform tofu terragrunt pulumi docker podman compose gh glab psql mysql mongosh mongo redis-cli
  dropdb createdb sqlite3 git heroku fly flyctl vercel netlify consul nomad vault argocd etcdctl ldcli xcrun simctl adb npm pnpm yarn npx make
  python python3 manage.py bundle exec rake rails mix php artisan dotnet gradlew ./gradlew gradle mvn cargo go supabase wrangler ssh curl kv
  app apps application applications service services svc deployment deployments deploy deploys pod pods po node nodes job jobs cronjob cronjobs
  configmap configmaps cm secret secrets namespace namespaces ns statefulset statefulsets sts daemonset ds ingress pvc pv volume volumes image
  images container containers network networks cluster clusters instance instances server servers database databases db table tables bucket
  buckets queue queues topic topics user users role roles group groups policy policies key keys zone zones record records record-sets function
  functions lambda stack stacks workspace workspaces state states resource resources storage compute sql iam ec2 s3 s3api rds eks ecs ecr route53
  dynamodb cloudfront elbv2 sns sqs ssm dns run build builds release releases repo repos pr prs pull-request issue issues mr runs workflow
  workflows flag flags feature-flags environment environments project projects org orgs team teams account accounts subscription subscriptions
  delete destroy remove rm rb rmi del drop purge prune create update set apply get list describe show edit patch scale restart start stop kill
  rollout undo add attach detach put new sync drain cordon uncordon taint label annotate merge close reopen archive unarchive transfer erase
  uninstall install upgrade rollback flush truncate cancel terminate to from any port proto allow deny on off with for of in the and true false
  yes no all none json yaml table text web db1 - --`
    .split(/\s+/)
    .filter(word => word !== ''),
)

export function isCommon(word: string): boolean {
  return COMMON.has(word.toLowerCase())
}

/** `delete-table`, `toggle-on`, `config:set`, `state rm`: verbs with what they are about. */
const VERBS =
  /^(delete|create|terminate|attach|detach|put|update|modify|remove|add|set|describe|change|run|start|stop|reboot|purge|disable|enable|register|deregister|drain|toggle|force|batch|schedule|cancel|restore|import|export|get|list|purchase|request|revoke|grant|authorize|associate|disassociate|invoke|publish|send|upload|unset|roll|swap)[-:_][\w:-]+$|^[a-z]+:(set|unset|reset|destroy|promote|rotate|add|remove|create|restart|stop|scale)$/

/** Options whose value tells where, not what. */
const WHERE =
  /^--?(region|zone|profile|project|account|subscription|output|o|format|query|timeout|wait|replicas|limit|type|size|method|message|m|reason|location|l|merge_method|t|X|H|u|U|c|e|member|role|only|scopes?)$/

/** @returns the names that say which thing is meant, at most so many, the most telling last */
export function subjectsOf(words: readonly string[], most = 3): readonly string[] {
  const names: string[] = []
  words.forEach((word, i) => {
    const before = words[i - 1] ?? ''
    if (WHERE.test(before) && !/=/.test(before)) return
    if (/^(-f|--filename|--file|--values)$/.test(before) && /[./]/.test(word)) return
    const option = /^--?([\w-]+)=(.+)$/.exec(word)
    if (word.startsWith('-') && (option === null || WHERE.test(`--${option[1]}`))) return
    const value = option === null ? word : (option[2] ?? '')
    // `NAME=value`: the name is what is set.
    const plain = /^(\w+)=/.exec(value)?.[1] ?? value
    if (!PLAIN_NAME.test(plain) || COMMON.has(plain.toLowerCase()) || VERBS.test(plain)) return
    if (/^\d$/.test(plain) || (/^[A-Z]+(_[A-Z0-9]+)*$/.test(plain) && plain === value)) return
    names.push(plain)
  })
  return [...new Set(names)].slice(-most)
}
