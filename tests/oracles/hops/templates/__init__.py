"""The random projects of the hop table as templates: CloudFormation and SAM, in one to five stacks, alone and beside Purlin."""
