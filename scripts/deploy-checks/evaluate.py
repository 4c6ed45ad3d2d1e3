"""Evaluates what CloudFormation knows before it makes anything: parameters and their limits, rules, conditions, and the
functions of known values. References to resources stay. Only the functions that this project uses."""

import ipaddress
import re

NO_VALUE = object()


class Refused(Exception):
    """CloudFormation would refuse this template with these parameters."""


class Evaluation:
    """One template with its parameters in one region."""

    def __init__(self, template, region, given, account="123456789012"):
        self.template = template
        self.region = region
        self.values = {"AWS::Region": region, "AWS::AccountId": account, "AWS::Partition": "aws", "AWS::NoValue": NO_VALUE}
        declared = template.get("Parameters", {})
        for key in given.keys() - declared.keys():
            raise Refused(f"there is no parameter {key}")
        for key, parameter in declared.items():
            if key not in given and "Default" not in parameter:
                raise Refused(f"nobody hands on {key}")
            self.values[key] = self._limited(key, parameter, str(given.get(key, parameter.get("Default"))))
        for rule in template.get("Rules", {}).values():
            if "RuleCondition" in rule and not self._holds(rule["RuleCondition"]):
                continue
            for assertion in rule["Assertions"]:
                if not self._holds(assertion["Assert"]):
                    raise Refused(assertion["AssertDescription"])

    @staticmethod
    def _limited(key, parameter, value):
        if "AllowedPattern" in parameter and not re.search(parameter["AllowedPattern"], value):
            raise Refused(f"{key}={value} does not match {parameter['AllowedPattern']}")
        if "AllowedValues" in parameter and value not in map(str, parameter["AllowedValues"]):
            raise Refused(f"{key}={value} is none of {parameter['AllowedValues']}")
        if parameter["Type"] == "Number":
            number = float(value)
            if not parameter.get("MinValue", number) <= number <= parameter.get("MaxValue", number):
                raise Refused(f"{key}={value} is out of range")
        return value.split(",") if parameter["Type"].startswith("List<") else value

    def whole(self):
        """The template without parameters, rules, conditions and whatever a condition leaves out."""
        kept = {
            section: {
                name: self.resolve({k: v for k, v in item.items() if k != "Condition"})
                for name, item in self.template.get(section, {}).items()
                if "Condition" not in item or self._condition(item["Condition"])
            }
            for section in ("Resources", "Outputs")
        }
        return {"AWSTemplateFormatVersion": "2010-09-09", "Description": self.template["Description"], **kept}

    def _condition(self, name):
        return self._holds(self.template["Conditions"][name])

    def _holds(self, expression):
        (function, argument), = expression.items()
        if function == "Condition":
            return self._condition(argument)
        if function == "Fn::Equals":
            return str(self.resolve(argument[0])) == str(self.resolve(argument[1]))
        if function == "Fn::Contains":
            return self.resolve(argument[1]) in [self.resolve(a) for a in argument[0]]
        if function == "Fn::Not":
            return not self._holds(argument[0])
        if function in ("Fn::And", "Fn::Or"):
            if not 2 <= len(argument) <= 10:
                raise Refused(f"{function} takes 2 to 10 conditions")
            return (all if function == "Fn::And" else any)(self._holds(a) for a in argument)
        raise Refused(f"{function} is no condition")

    def resolve(self, value):
        if isinstance(value, list):
            return [r for r in map(self.resolve, value) if r is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (function, argument), = value.items()
            if function == "Ref":
                return self.values.get(argument, value)
            if function == "Fn::If":
                return self.resolve(argument[1] if self._condition(argument[0]) else argument[2])
            if function == "Fn::Sub":
                return self._sub(argument)
            if function.startswith("Fn::"):
                return self._function(function, self.resolve(argument))
        return {k: r for k, r in ((k, self.resolve(v)) for k, v in value.items()) if r is not NO_VALUE}

    def _sub(self, argument):
        pattern, further = (argument, {}) if isinstance(argument, str) else argument
        further = self.resolve(further)
        known = {k: v for k, v in {**self.values, **further}.items() if isinstance(v, str)}
        left = {k: v for k, v in further.items() if k not in known}
        done = re.sub(r"\$\{([^!}]+)\}", lambda m: known.get(m.group(1), m.group()), pattern)
        if not re.search(r"\$\{[^!}]+\}", done):
            return done.replace("${!", "${")
        return {"Fn::Sub": [done, left] if left else done}

    def _function(self, function, argument):
        if function == "Fn::GetAZs":
            return [self.region + zone for zone in "abc"]
        if function == "Fn::Cidr":
            net, count, bits = argument
            subnets = list(ipaddress.ip_network(net).subnets(new_prefix=32 - int(bits)))
            if len(subnets) < count:
                raise Refused(f"{net} does not hold {count} subnets of {bits} bits")
            return [str(s) for s in subnets[:count]]
        if function == "Fn::Split" and isinstance(argument[1], str):
            return argument[1].split(argument[0])
        if function == "Fn::Select" and isinstance(argument[1], list):
            return argument[1][int(argument[0])]
        if function == "Fn::Join" and isinstance(argument[1], list) and all(isinstance(a, str) for a in argument[1]):
            return argument[0].join(argument[1])
        return {function: argument}
