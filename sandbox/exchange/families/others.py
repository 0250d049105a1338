"""Types beside the data path, and why they carry no load; and those that do in passing."""

from __future__ import annotations

from typing import Any

from sandbox.exchange.template import Resource
from sandbox.exchange.work import Kind, Work, every, get

_MEANINGLESS: tuple[tuple[str, str], ...] = (
    ("AWS::IAM::", "says who may do what; its statements are evidence for links"),
    ("AWS::Logs::", "keeps logs"),
    ("AWS::KMS::", "keys"),
    ("AWS::SSM::", "configuration"),
    ("AWS::SecretsManager::", "secrets"),
    ("AWS::AppConfig::", "configuration"),
    ("AWS::CertificateManager::", "certificates"),
    ("AWS::CloudFormation::WaitCondition", "waits while the stack is made"),
    ("AWS::CloudFormation::", "acts while the stack is made"),
    ("Custom::", "acts while the stack is made"),
    ("AWS::EC2::LaunchTemplate", "settings of the group that launches from it"),
    ("AWS::AutoScaling::LaunchConfiguration", "settings of the group that launches from it"),
    ("AWS::EC2::", "the network around it; placement only"),
    ("AWS::ECS::TaskDefinition", "settings of the service that runs it"),
    ("AWS::ECS::", "where services run"),
    ("AWS::ECR::", "keeps images"),
    ("AWS::Lambda::LayerVersion", "code that a function shares"),
    ("AWS::Lambda::", "settings of functions"),
    ("AWS::SQS::QueuePolicy", "says who may send, not who does"),
    ("AWS::SQS::QueueInlinePolicy", "says who may send, not who does"),
    ("AWS::SNS::TopicPolicy", "says who may publish, not who does"),
    ("AWS::SNS::TopicInlinePolicy", "says who may publish, not who does"),
    ("AWS::S3::", "settings of buckets"),
    ("AWS::ApiGateway::", "settings of APIs"),
    ("AWS::ApiGatewayV2::", "settings of APIs"),
    ("AWS::CloudFront::", "settings of distributions"),
    ("AWS::Route53::", "settings of names"),
    ("AWS::CloudWatch::", "watches"),
    ("AWS::ApplicationInsights::", "watches"),
    ("AWS::XRay::", "watches"),
    ("AWS::Synthetics::", "watches"),
    ("AWS::Oam::", "watches"),
    ("AWS::Events::", "settings of event buses"),
    ("AWS::EventSchemas::", "describes events"),
    ("AWS::Scheduler::", "settings of schedules"),
    ("AWS::WAFv2::", "filters requests; none is taken to be blocked"),
    ("AWS::WAF", "filters requests; none is taken to be blocked"),
    ("AWS::Shield::", "filters requests; none is taken to be blocked"),
    ("AWS::RDS::", "settings of databases"),
    ("AWS::ElastiCache::", "settings of caches"),
    ("AWS::DAX::", "settings of caches"),
    ("AWS::MemoryDB::", "settings of caches"),
    ("AWS::ElasticLoadBalancing", "settings of balancers"),
    ("AWS::AutoScaling::", "settings of groups"),
    ("AWS::ApplicationAutoScaling::", "settings of scaling"),
    ("AWS::Batch::", "settings of batch work"),
    ("AWS::EMR::", "settings of clusters"),
    ("AWS::AppSync::", "settings of APIs"),
    ("AWS::Cognito::UserPoolClient", "settings of a user pool"),
    ("AWS::Cognito::UserPoolDomain", "settings of a user pool"),
    ("AWS::Cognito::UserPoolGroup", "settings of a user pool"),
    ("AWS::Cognito::Identity", "says who may do what"),
    ("AWS::CodeDeploy::", "deploys"),
    ("AWS::CodeBuild::", "builds"),
    ("AWS::CodePipeline::", "deploys"),
    ("AWS::CodeStar", "deploys"),
    ("AWS::Signer::", "signs code"),
    ("AWS::Budgets::", "watches cost"),
    ("AWS::CloudTrail::", "keeps a trail"),
    ("AWS::Config::", "watches settings"),
    ("AWS::ServiceDiscovery::", "names of services"),
    ("AWS::Backup::", "keeps backups"),
    ("AWS::EFS::", "file systems are not simulated"),
)


def meaning_of(type: str) -> str | None:
    """Why a type has no meaning for load, or None where that cannot be said."""
    return next((why for begins, why in _MEANINGLESS if type.startswith(begins)), None)


def _iot_rule(work: Work, resource: Resource) -> None:
    for action in every(resource.properties, "TopicRulePayload.Actions[]"):
        for about in action.values() if isinstance(action, dict) else ():
            for value in about.values() if isinstance(about, dict) else ():
                for target in work.meant(value):
                    work.link(resource.id, target, "rule action", mode="async")


def _pool(work: Work, resource: Resource) -> None:
    config = resource.properties.get("LambdaConfig")
    for value in config.values() if isinstance(config, dict) else ():
        for target in work.meant(value if isinstance(value, str) else get(value, "LambdaArn")):
            work.link(resource.id, target, "user pool trigger")


NODES: dict[str, Any] = {
    "AWS::IoT::TopicRule": Kind("endpoint", "IoT rule", more=_iot_rule),
    "AWS::Cognito::UserPool": Kind("endpoint", "Cognito user pool", more=_pool),
    "AWS::Logs::SubscriptionFilter": Kind(
        "endpoint", "Log group", ties=(("DestinationArn", "out", "subscription filter"),)
    ),
    "AWS::Redshift::Cluster": Kind("endpoint", "Redshift cluster"),
    "AWS::OpenSearchService::Domain": Kind("endpoint", "OpenSearch domain"),
    "AWS::Elasticsearch::Domain": Kind("endpoint", "Elasticsearch domain"),
    "AWS::DocDB::DBCluster": Kind("endpoint", "DocumentDB cluster"),
    "AWS::Neptune::DBCluster": Kind("endpoint", "Neptune cluster"),
    "AWS::Timestream::Table": Kind("endpoint", "Timestream table"),
}
