/** What a command line is about: the names in it, without its verbs, its nouns and its options. */

const PLAIN_NAME = /^[@\w.:/#-]+$/

/** Nouns and verbs that command lines are made of: never the name of one thing. */
const COMMON =
  /^(aws|az|gcloud|kubectl|k|oc|helm|terraform|tofu|pulumi|docker|podman|compose|gh|glab|psql|mysql|git|heroku|fly|flyctl|vercel|netlify|apps?|applications?|services?|deployments?|deploy|pods?|nodes?|jobs?|cronjobs?|configmaps?|secrets?|namespaces?|ns|statefulsets?|sts|daemonsets?|ds|ingress(es)?|pvc?|volumes?|images?|containers?|networks?|clusters?|instances?|servers?|databases?|db|tables?|buckets?|queues?|topics?|users?|roles?|groups?|policies|policy|keys?|zones?|records?|functions?|lambda|stacks?|workspaces?|states?|resources?|storage|compute|sql|iam|ec2|s3|s3api|rds|eks|ecs|ecr|route53|dynamodb|cloudfront|elbv2|sns|sqs|ssm|run|builds?|releases?|repos?|prs?|issues?|mr|runs?|workflows?|flags?|environments?|projects?|orgs?|teams?|accounts?|subscriptions?|delete|destroy|remove|rm|rb|rmi|drop|purge|prune|create|update|set|apply|get|list|describe|show|edit|patch|scale|restart|start|stop|kill|rollout|undo|add|attach|detach|put|new|true|false|yes|no|all|none|json|yaml|table|text|-|--)$/i

/** Options whose value tells where, not what. */
const WHERE =
  /^--?(region|zone|profile|project|account|subscription|output|o|format|query|timeout|wait|replicas|f|filename|limit|type|size|method|message|m|reason|location|l|merge_method)$/

/** @returns the names that say which thing is meant, at most three, the most telling last */
export function subjectsOf(words: readonly string[]): readonly string[] {
  const names: string[] = []
  words.forEach((word, i) => {
    const before = words[i - 1] ?? ''
    if (WHERE.test(before)) return
    const value = /^--?[\w-]+=(.+)$/.exec(word)?.[1]
    const plain = value !== undefined && !WHERE.test(word.split('=')[0] ?? '') ? value : word
    if (plain.startsWith('-') || !PLAIN_NAME.test(plain) || COMMON.test(plain)) return
    if (/^\d{1,2}$/.test(plain)) return
    names.push(plain)
  })
  return [...new Set(names)].slice(-3)
}
