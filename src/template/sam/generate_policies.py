"""Makes `stdlib/templates/sam-policies.json` from the policy templates that the package aws-sam-translator ships.

    python src/template/sam/generate_policies.py > stdlib/templates/sam-policies.json
"""

import json
from importlib.resources import files

SHIPPED = files("samtranslator") / "policy_templates_data" / "policy_templates.json"


def main() -> None:
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))["Templates"]
    table = {
        name: {"Definition": template["Definition"], "Parameters": sorted(template["Parameters"])}
        for name, template in shipped.items()
    }
    print(json.dumps({"Templates": table}, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
