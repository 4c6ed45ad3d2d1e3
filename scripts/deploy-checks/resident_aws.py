"""The AWS CLI (version 1) as resident.py's program: usage: resident_aws.py SOCKET, with a Python that has awscli."""

import sys

import awscli.clidriver
from resident import serve

# of which a call finds model and rules loaded
SERVICES = ("cloudformation", "cloudwatch", "elasticache", "lambda", "logs", "route53", "s3", "secretsmanager", "ssm", "sts")


def main():
    driver = awscli.clidriver.create_clidriver()
    for service in SERVICES:
        driver.session.create_client(service, region_name="us-east-1")

    def run(arguments):
        sys.argv = ["aws", *arguments]
        return driver.main(arguments)

    serve(sys.argv[1], run)


if __name__ == "__main__":
    main()
