def read(event, context):
    print(event)


def write(event, context):
    print(event)
