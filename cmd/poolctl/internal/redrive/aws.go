package redrive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// hidden is how long a received message is hidden from other readers, in seconds: a run's longest time.
const hidden = 900

// SQS is a Queue of Amazon SQS.
type SQS struct {
	Client *sqs.Client
	URL    string
}

// Receive implements Queue.
func (q SQS) Receive(ctx context.Context) ([]Message, error) {
	out, err := q.Client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &q.URL, MaxNumberOfMessages: 10, VisibilityTimeout: hidden, WaitTimeSeconds: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("read the queue: %w", err)
	}
	var all []Message
	for _, m := range out.Messages {
		all = append(all, Message{Body: aws.ToString(m.Body), Handle: aws.ToString(m.ReceiptHandle)})
	}
	return all, nil
}

// Delete implements Queue.
func (q SQS) Delete(ctx context.Context, handle string) error {
	_, err := q.Client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q.URL, ReceiptHandle: &handle})
	if err != nil {
		return fmt.Errorf("delete from the queue: %w", err)
	}
	return nil
}

// Release implements Queue.
func (q SQS) Release(ctx context.Context, handle string) error {
	_, err := q.Client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &q.URL, ReceiptHandle: &handle, VisibilityTimeout: 0,
	})
	if err != nil {
		return fmt.Errorf("leave in the queue: %w", err)
	}
	return nil
}

// Lambda is an Invoker of AWS Lambda. It waits for the function, so that the caller learns of a failure, which then
// puts nothing into the queue.
type Lambda struct{ Client *lambda.Client }

// Invoke implements Invoker.
func (l Lambda) Invoke(ctx context.Context, functionARN string, event []byte) error {
	out, err := l.Client.Invoke(ctx, &lambda.InvokeInput{FunctionName: &functionARN, Payload: event})
	if err != nil {
		return fmt.Errorf("invoke the function: %w", err)
	}
	if out.FunctionError == nil {
		return nil
	}
	var said struct{ ErrorMessage string }
	_ = json.Unmarshal(out.Payload, &said) // without a text, the error says enough
	return errors.New("the function failed: " + said.ErrorMessage)
}
